#if SQLite
import SojournCore
import SojournModel
import SojournSQLite
import SojournTestKit
import Synchronization
import Testing

/// A store with hints that are stale or doubled, get lost, or are out of reach.
@Suite struct HintedQueueTests {
    @Test func aTaskIsHintedOnceAndItsHintIsGoneWithItsClaim() async throws {
        try await HintBench.with { bench in
            let ids = try await bench.enqueue(3)
            #expect(bench.hinted == ids)
            #expect(try await bench.claimIDs(2) == Array(ids[..<2]))
            #expect(bench.hinted == [ids[2]])
        }
    }

    @Test func staleAndDoubledHintsCostNothing() async throws {
        try await HintBench.with { bench in
            let ids = try await bench.enqueue(6)
            let stranger = Sample.message(at: bench.time.now())
            try await bench.hints.push([Hint(stranger)] + bench.hints.state.withLock { $0.hints })
            #expect(try await bench.queue.cancel([ids[0]]) == [.cancelled(waiting: Arrival(stranger))])
            #expect(try await bench.claimIDs(1) == [ids[1]])
            #expect(try await bench.claimIDs() == Array(ids[2...]))
            #expect(try await bench.claimIDs().isEmpty)
            #expect(bench.hinted.isEmpty)
        }
    }

    @Test func aChannelOutOfReachFailsNoEnqueueAndStopsNobody() async throws {
        try await HintBench.with { bench in
            try await bench.relay()
            bench.hints.state.withLock { $0.isDown = true }
            let first = try await bench.enqueue(4)
            let delivery = try #require(try await bench.claim(1).first)
            _ = try await bench.queue.complete([
                AttemptReport(
                    delivery: delivery, outcome: .interrupted, startedAt: bench.time.now(),
                    finishedAt: bench.time.now(), worker: "w")
            ])
            try await bench.relay()
            try await bench.queue.setPaused("p", true)
            #expect(try await bench.claimIDs(2).count == 2)
            #expect(bench.log.all == ["The hints are out of reach; claims go to the store"])
            let calls = bench.hints.state.withLock { $0.calls }
            let second = try await bench.enqueue(4)
            #expect(bench.hints.state.withLock { $0.calls } == calls)
            bench.hints.state.withLock { $0.isDown = false }
            try await bench.relay()
            #expect(Set(bench.hinted).isSuperset(of: second))
            #expect(bench.hints.state.withLock { $0.paused } == ["p"])
            #expect(bench.log.all.count == 2)
            #expect(Set(try await bench.claimIDs()).union(second) == Set(first.suffix(2) + second))
        }
    }

    @Test func onlyWhatWasMissedIsHintedWhenTheChannelIsBack() async throws {
        try await HintBench.with { bench in
            try await bench.relay()
            let before = try await bench.enqueue(20)
            bench.time.advance(by: .seconds(60))
            bench.hints.state.withLock { $0.isDown = true }
            let missed = try await bench.enqueue(5) + bench.enqueue(5, queue: "q")
            bench.hints.state.withLock {
                $0.isDown = false
                $0.pushes = []
            }
            try await bench.relay()
            #expect(bench.hints.state.withLock { $0.pushes } == [10])
            #expect(Set(bench.hinted) == Set(before + missed))
            try await bench.relay()
            #expect(bench.hinted.count == 30)
        }
    }

    @Test func aClaimThatWaitsIsWokenWithoutTheChannel() async throws {
        try await HintBench.with { bench in
            async let patient = bench.queue.claim(LeaseRequest(limit: 1, wait: .seconds(60)))
            try await eventually("a claim waits") { bench.hints.waiters.count == 1 }
            bench.hints.state.withLock { $0.isDown = true }
            let ids = try await bench.enqueue(1)
            #expect(try await patient.map(\.message.id) == ids)
        }
    }

    @Test func aLostHintIsFoundAfterTheGrace() async throws {
        try await HintBench.with { bench in
            try await bench.relay()
            let lost = try await bench.insert(2)
            try await bench.relay()
            #expect(bench.hinted.isEmpty)
            bench.time.advance(by: .milliseconds(3_001))
            try await bench.relay()
            #expect(bench.hinted == lost)
            try await bench.relay()
            #expect(bench.hinted == lost)
            #expect(try await bench.claimIDs() == lost)
        }
    }

    @Test func aLostHintIsFoundOnceItIsAheadOfItsLine() async throws {
        try await HintBench.with { bench in
            try await bench.relay()
            let first = try await bench.enqueue(1)
            bench.time.advance(by: .seconds(10))
            let lost = try await bench.insert(1)
            bench.time.advance(by: .seconds(10))
            let last = try await bench.enqueue(1)
            try await bench.relay()
            #expect(bench.hinted == first + last)
            #expect(try await bench.claimIDs(1) == first)
            try await bench.relay()
            #expect(try await bench.claimIDs() == lost + last)
        }
    }

    @Test func whatAWorkerPoppedAndNeverClaimedComesAgain() async throws {
        try await HintBench.with { bench in
            try await bench.relay()
            let ids = try await bench.enqueue(10)
            _ = try await bench.hints.pop(LeaseRequest(limit: 4))
            bench.time.advance(by: .seconds(10))
            let newer = try await bench.enqueue(2)
            #expect(try await bench.claimIDs(6) == Array(ids[4...]))
            try await bench.relay()
            #expect(try await bench.claimIDs() == Array(ids[..<4]) + newer)
        }
    }

    @Test func whatIsLostAtOnceIsHintedAtOnce() async throws {
        try await HintBench.with { bench in
            try await bench.relay()
            var ids: Set<TaskID> = []
            for queue in (0..<40).map({ QueueName(trusted: "q\($0)") }) {
                ids.formUnion(try await bench.enqueue(20, queue: queue))
            }
            ids.formUnion(try await bench.enqueue(1_000))
            ids.formUnion(try await bench.enqueue(1_000))
            bench.hints.state.withLock {
                $0.hints = []
                $0.epoch = ""
            }
            try await bench.relay()
            #expect(bench.hinted.count == ids.count)
            #expect(Set(bench.hinted) == ids)
            #expect(bench.log.all == ["The hints were lost; every waiting task was hinted again"])
        }
    }

    @Test func aLossWhileFillingStartsItOver() async throws {
        try await HintBench.with { bench in
            let ids = try await bench.enqueue(1_000) + bench.enqueue(1_000, queue: "q")
            bench.hints.state.withLock { state in
                state.onPush = { state in
                    guard state.fillings == 1, state.hints.count >= 1_000 else { return }
                    state.hints = []
                    state.epoch = ""
                }
            }
            try await bench.relay()
            #expect(bench.hints.state.withLock { $0.epoch } == "")
            try await bench.relay()
            #expect(bench.hints.state.withLock { $0.epoch } == "complete")
            #expect(Set(bench.hinted) == Set(ids))
        }
    }

    @Test func somebodyElseIsLeftToFill() async throws {
        try await HintBench.with { bench in
            _ = try await bench.enqueue(3)
            bench.hints.state.withLock {
                $0.hints = []
                $0.epoch = "filling 9"
            }
            bench.time.advance(by: .seconds(60))
            try await bench.relay()
            #expect(bench.hinted.isEmpty)
            bench.hints.state.withLock { $0.epoch = "complete" }
            try await bench.relay()
            #expect(bench.hinted.count == 3)
        }
    }

    @Test func thePauseOfTheStoreHolds() async throws {
        try await HintBench.with { bench in
            try await bench.relay()
            try await bench.store.setPaused("p", true)
            try await bench.hints.setPaused("q", true)
            let paused = try await bench.enqueue(1, queue: "p")
            try await bench.relay()
            #expect(bench.hints.state.withLock { $0.paused } == ["p"])
            #expect(try await bench.claimIDs().isEmpty)
            #expect(bench.hinted == paused)
        }
    }

    /// Every task ends exactly once, whichever call of the channel is the one that fails.
    @Test func anyCallMayFail() async throws {
        for failing in 1..<40 {
            try await HintBench.with { bench in
                bench.hints.state.withLock { $0.failingCall = failing }
                var open = Set(try await bench.enqueue(3))
                var ended: [TaskID] = []
                for round in 0..<12 {
                    try await bench.relay()
                    if round < 4 { open.formUnion(try await bench.enqueue(2, queue: QueueName(trusted: "q\(round)"))) }
                    let claimed = try await bench.claim(3)
                    let outcomes: [Outcome] = [.succeeded(), .interrupted, .snoozed(.seconds(1))]
                    let reports = claimed.enumerated().map { index, delivery in
                        AttemptReport(
                            delivery: delivery, outcome: round < 4 ? outcomes[index] : .succeeded(),
                            startedAt: bench.time.now(), finishedAt: bench.time.now(), worker: "w")
                    }
                    _ = try await bench.queue.complete(reports)
                    ended += reports.filter { $0.outcome == .succeeded() }.map(\.delivery.message.id)
                    bench.time.advance(by: .seconds(2))
                    _ = try await bench.queue.promote(limit: 10)
                }
                #expect(ended.count == Set(ended).count, "call \(failing) failed")
                #expect(Set(ended) == open, "call \(failing) failed")
                #expect(bench.hints.state.withLock { $0.calls } > failing)
            }
        }
    }
}
#endif
