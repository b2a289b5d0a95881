#if Redis
import NIOCore
import Testing

@testable import RESP

/// The life of a connection, without one. The callers are letters.
@Suite("Link machine") struct LinkMachineTests {
    typealias Machine = LinkMachine<String>

    @Test func theFirstCommandConnects() {
        var machine = Machine()
        #expect(machine.send("a") == .connect)
        #expect(machine.send("b") == .queued)
        #expect(machine.connected().count == 1)
        #expect(machine.flush(now: at(0)).buffers.isEmpty)
        guard case .ready = machine.received(.map([]), now: at(0)) else {
            Issue.record("not ready")
            return
        }
        // Both go out in one write, and nothing twice.
        #expect(machine.flush(now: at(0)).buffers == [ByteBuffer(string: "ab")])
        #expect(machine.flush(now: at(0)).buffers.isEmpty)
    }

    @Test func oneFlushForAllThatMeet() {
        var machine = Machine.ready()
        #expect(machine.send("a") == .flush)
        #expect(machine.send("b") == .queued)
        #expect(machine.flush(now: at(0)).buffers == [ByteBuffer(string: "ab")])
        #expect(machine.send("c") == .flush)
    }

    @Test func repliesGoToTheirCallersInOrder() {
        var machine = Machine.ready(sent: ["a": 2, "b": 1])
        #expect(machine.reply(.integer(1)) == nil)
        #expect(machine.reply(.error("ERR no")) == Over("a", ["1", "server"]))
        #expect(machine.reply(.integer(3)) == Over("b", ["3"]))
        #expect(machine.load == 0)
    }

    @Test func pushesAreNoReplies() {
        var machine = Machine.ready(sent: ["a": 1])
        guard case .push([.simple("invalidate")]) = machine.received(.push([.simple("invalidate")]), now: at(0)) else {
            Issue.record("no push")
            return
        }
        #expect(machine.reply(.integer(1)) == Over("a", ["1"]))
    }

    @Test func anAnswerThatNobodyAskedForEndsTheConnection() {
        var machine = Machine.ready()
        guard case .failed(let error) = machine.received(.integer(1), now: at(0)) else {
            Issue.record("accepted")
            return
        }
        #expect(error.kind == .protocolViolation)
    }

    @Test func aLossTellsWhatMayHaveRun() {
        var machine = Machine.ready(sent: ["a": 2, "b": 1])
        _ = machine.reply(.integer(1))
        #expect(machine.send("c") == .flush)
        let loss = machine.lost(RESPError(.connectionLost, "gone"), now: at(0), chance: 1)
        #expect(loss.ended.map(Over.init) == [Over("a", ["1", "connectionLost?"]), Over("b", ["connectionLost?"])])
        #expect(loss.pause == .milliseconds(50))
        // What was surely not sent waits for the next connection.
        #expect(machine.rested(now: at(1)) == true)
        _ = machine.connected()
        _ = machine.received(.map([]), now: at(1))
        #expect(machine.flush(now: at(1)).buffers == [ByteBuffer(string: "c")])
    }

    @Test func pausesGrowUntilItWorks() {
        var machine = Machine()
        #expect(machine.send("a", deadline: 1000) == .connect)
        var pauses: [Int64] = []
        for _ in 0..<8 {
            let loss = machine.lost(RESPError(.connectionRefused, "no"), now: at(0), chance: 1)
            #expect(loss.ended.isEmpty)
            pauses.append((loss.pause?.nanoseconds ?? 0) / 1_000_000)
            #expect(machine.rested(now: at(0)) == true)
        }
        #expect(pauses == [50, 100, 200, 400, 800, 1600, 2000, 2000])
        _ = machine.connected()
        _ = machine.received(.map([]), now: at(0))
        #expect(machine.lost(RESPError(.connectionLost, "no"), now: at(0), chance: 0).pause == .milliseconds(25))
    }

    @Test func aWrongPasswordFailsAllThatWaitAndIsNotTriedAgainByItself() {
        var machine = Machine()
        #expect(machine.send("a") == .connect)
        _ = machine.connected()
        guard case .failed(let error) = machine.received(.error("WRONGPASS no"), now: at(0)) else {
            Issue.record("accepted")
            return
        }
        let loss = machine.lost(error, now: at(0), chance: 1)
        #expect(loss.ended.map(Over.init) == [Over("a", ["authentication"])])
        #expect(machine.rested(now: at(1)) == false)
        #expect(machine.send("b") == .connect)
    }

    @Test func whatWaitsTooLongWasNotSent() {
        var machine = Machine()
        #expect(machine.send("a", deadline: 3) == .connect)
        #expect(machine.send("b", deadline: 7) == .queued)
        #expect(machine.nextAlarm() == at(3))
        #expect(machine.nextAlarm() == nil)
        let due = machine.tick(now: at(3))
        #expect(due.ended.map(Over.init) == [Over("a", ["timeout"])])
        #expect(due.failure == nil)
        #expect(machine.nextAlarm() == at(5))
        // The handshake has five seconds.
        #expect(machine.tick(now: at(5)).failure?.kind == .timeout)
        _ = machine.lost(RESPError(.connectionRefused, "no"), now: at(5), chance: 1)
        // Then the reason is the last one known.
        #expect(machine.tick(now: at(7)).ended.map(Over.init) == [Over("b", ["connectionRefused"])])
    }

    @Test func aLateReplyIsDroppedInItsPlace() {
        var machine = Machine.ready(sent: ["a": 1, "b": 1], deadlines: ["a": 1, "b": 9])
        let due = machine.tick(now: at(1))
        #expect(due.ended.map(Over.init) == [Over("a", ["timeout?"])])
        #expect(due.failure == nil)
        #expect(machine.reply(.integer(1)) == nil)
        #expect(machine.reply(.integer(2)) == Over("b", ["2"]))
    }

    @Test func aServerThatSaysNothingIsGivenUp() {
        var machine = Machine.ready(sent: ["a": 1], deadlines: ["a": 5])
        #expect(machine.tick(now: at(4)).failure == nil)
        let due = machine.tick(now: at(5))
        #expect(due.ended.map(Over.init) == [Over("a", ["timeout?"])])
        #expect(due.failure?.kind == .timeout)
    }

    @Test func aSlowScriptThatWasAllowedItsTimeIsNotSilence() {
        var machine = Machine.ready(sent: ["a": 1, "b": 1], deadlines: ["a": 60, "b": 5])
        #expect(machine.tick(now: at(5)).failure == nil)
        #expect(machine.tick(now: at(59)).failure == nil)
        #expect(machine.reply(.integer(1), at: 59.5) == Over("a", ["1"]))
        #expect(machine.tick(now: at(60)).failure == nil)
        #expect(machine.tick(now: at(64.5)).failure?.kind == .timeout)
    }

    @Test func aReplicaIsLeftOnceItHasAnswered() {
        var machine = Machine.ready(sent: ["a": 1, "b": 1])
        #expect(machine.reply(.error("READONLY no")) == Over("a", ["readOnly"]))
        #expect(machine.drained == nil)
        #expect(machine.send("c") == .queued)
        #expect(machine.flush(now: at(0)).buffers.isEmpty)
        #expect(machine.reply(.integer(1)) == Over("b", ["1"]))
        guard case .failed(let error)? = machine.drained else {
            Issue.record("stays")
            return
        }
        #expect(machine.lost(error, now: at(0), chance: 1).ended.isEmpty)
        #expect(machine.waiting.map(\.caller) == ["c"])
    }

    @Test func whoIsNoLongerTheMasterIsLeftWhenItHasAnswered() {
        var machine = Machine.ready(sent: ["a": 1])
        #expect(machine.leave() == nil)
        #expect(machine.send("b") == .queued)
        #expect(machine.reply(.integer(1)) == Over("a", ["1"]))
        guard case .failed(let error)? = machine.drained else {
            Issue.record("stays")
            return
        }
        #expect(error.isRetryable)
        #expect(machine.lost(error, now: at(0), chance: 1).ended.isEmpty)
        #expect(machine.waiting.map(\.caller) == ["b"])
        // Nothing to leave.
        #expect(machine.leave() == nil)
        var idle = Machine.ready()
        guard case .failed = idle.leave() else {
            Issue.record("stays")
            return
        }
    }

    @Test func aNodeFailsFast() {
        var machine = Machine(options: .init(failsFast: true))
        #expect(machine.send("a") == .connect)
        let loss = machine.lost(RESPError(.connectionRefused, "no"), now: at(0), chance: 1)
        #expect(loss.ended.map(Over.init) == [Over("a", ["connectionRefused"])])
        #expect(machine.send("b") == .refused(RESPError(.connectionRefused, "no")))
        #expect(machine.rested(now: at(1)) == false)
        #expect(machine.send("c") == .connect)
    }

    @Test func withoutReconnectingTheFirstLossIsTheEnd() {
        var machine = Machine.ready(sent: ["a": 1], options: .init(reconnects: false))
        #expect(machine.send("b") == .flush)
        let loss = machine.lost(RESPError(.connectionLost, "gone"), now: at(0), chance: 1)
        #expect(loss.ended.map(Over.init) == [Over("a", ["connectionLost?"]), Over("b", ["connectionLost"])])
        #expect(loss.pause == nil)
        #expect(machine.send("c") == .refused(RESPError(.connectionLost, "gone")))
    }

    @Test func closingEndsEverybody() {
        var machine = Machine.ready(sent: ["a": 1])
        _ = machine.send("b")
        #expect(machine.close().map(Over.init) == [Over("a", ["closed?"]), Over("b", ["closed"])])
        #expect(machine.send("c") == .refused(.shutDown))
        #expect(machine.load == 0)
    }

    @Test func theBacklogIsBounded() {
        var machine = Machine(options: .init(backlog: 2))
        #expect(machine.send("a") == .connect)
        #expect(machine.send("b") == .queued)
        guard case .refused(let error) = machine.send("c") else {
            Issue.record("accepted")
            return
        }
        #expect(error.kind == .overloaded)
    }

    @Test func aSubscriptionTakesEverythingForAPush() {
        var machine = Machine.ready(options: .init(isSubscription: true))
        #expect(machine.send("a", count: 0) == .flush)
        #expect(machine.flush(now: at(0)).ended.map(\.caller) == ["a"])
        guard case .push([.simple("message")]) = machine.received(.array([.simple("message")]), now: at(0)),
            case .failed(let error) = machine.received(.error("NOPERM no"), now: at(0))
        else {
            Issue.record("no push")
            return
        }
        #expect(error.kind == .permission)
    }

    @Test func largePipelinesAreNotCopied() {
        var machine = Machine.ready()
        let large = ByteBuffer(repeating: 1, count: 100_000)
        _ = machine.submit("a", count: 1, bytes: large, deadline: at(5), now: at(0))
        _ = machine.send("b")
        _ = machine.submit("c", count: 1, bytes: large, deadline: at(5), now: at(0))
        #expect(machine.flush(now: at(0)).buffers.map(\.readableBytes) == [100_001, 100_000])
    }
}
#endif
