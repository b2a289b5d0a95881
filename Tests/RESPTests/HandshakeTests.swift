#if Redis
import NIOCore
import Testing

@testable import RESP

@Suite("Handshake") struct HandshakeTests {
    private func wire(_ commands: [Command]) -> [String] {
        commands.map { command in
            var parser = RESPParser()
            var bytes = ByteBuffer()
            command.write(to: &bytes)
            parser.append(bytes)
            let words = (try? parser.next())?.elements?.compactMap(\.text) ?? []
            return words.joined(separator: " ")
        }
    }

    /// Says what is sent for each answer, and how it ends.
    private func run(_ wishes: Handshake.Wishes, _ answers: [RESPValue]) -> [String] {
        var handshake = Handshake(wishes)
        var log = wire(handshake.start())
        for answer in answers {
            switch handshake.received(answer) {
            case .wait: log.append("wait")
            case .send(let commands): log += wire(commands)
            case .done: log.append("done")
            case .failed(let error): log.append("failed: \(error)")
            }
        }
        return log
    }

    static let hello = RESPValue.map([.simple("proto"), .integer(3)])
    static let unknown = RESPValue.error("ERR unknown command `HELLO`, with args beginning with: `3`, `hunter2`, ")

    @Test func threeWordsAreEnough() {
        #expect(run(.init(), [Self.hello]) == ["HELLO 3", "done"])
        #expect(run(.init(clientName: "me"), [Self.hello]) == ["HELLO 3 SETNAME me", "done"])
        #expect(run(.init(password: "p"), [Self.hello]) == ["HELLO 3 AUTH default p", "done"])
        let all = Handshake.Wishes(user: "u", password: "p", database: 2, clientName: "me")
        #expect(run(all, [Self.hello, .simple("OK")]) == ["HELLO 3 AUTH u p SETNAME me", "SELECT 2", "done"])
    }

    @Test func oldServersAreAskedOneByOne() {
        #expect(run(.init(), [Self.unknown]) == ["HELLO 3", "done"])
        let all = Handshake.Wishes(user: "u", password: "p", database: 2, clientName: "me")
        let log = run(all, [Self.unknown, .simple("OK"), .error("ERR unknown command"), .simple("OK")])
        #expect(
            log == [
                "HELLO 3 AUTH u p SETNAME me", "AUTH u p", "CLIENT SETNAME me", "SELECT 2", "wait", "wait", "done",
            ])
    }

    @Test func aMasterIsAskedForItsRole() {
        let wishes = Handshake.Wishes(mustBeMaster: true)
        #expect(run(wishes, [Self.hello, .array([.bulk(ByteBuffer(string: "master"))])]).last == "done")
        let replica = run(wishes, [Self.hello, .array([.bulk(ByteBuffer(string: "slave"))])])
        #expect(replica.last == "failed: readOnly: The server that Sentinel named is not a master.")
    }

    @Test(arguments: [
        ("WRONGPASS invalid pair", "failed: authentication: WRONGPASS invalid pair"),
        ("LOADING Redis is loading", "failed: loading: LOADING Redis is loading"),
        ("ERR max number of clients reached", "failed: tooManyConnections: ERR max number of clients reached"),
        ("NOPERM no, hunter2", "failed: permission: NOPERM no, ***"),
    ])
    func refusalsEndIt(message: String, ending: String) {
        #expect(run(.init(password: "hunter2"), [.error(message)]).last == ending)
    }

    @Test func refusalsOfLaterStepsEndItToo() {
        let select = run(.init(database: 99), [Self.hello, .error("ERR DB index is out of range")])
        #expect(select.last == "failed: server: ERR DB index is out of range")
        let password = run(.init(password: "hunter2"), [Self.unknown, .error("ERR invalid password hunter2")])
        #expect(password.last == "failed: authentication: ERR invalid password ***")
        #expect(run(.init(), [Self.hello, Self.hello]).last?.hasPrefix("failed: protocolViolation") == true)
    }
}
#endif
