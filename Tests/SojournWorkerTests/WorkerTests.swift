import SojournCore
import SojournModel
import SojournTestKit
import SojournWorker
import Synchronization
import Testing

@Suite("Worker") struct WorkerTests {
    @Test func runsWhatIsEnqueuedAndReportsIt() async throws {
        let bench = Bench()
        try await bench.run(handler: { _ in .succeeded(result: [49]) }) { _ in
            let ids = try await bench.enqueue(200)
            for id in ids { try await bench.eventually(id, is: .succeeded) }
            let record = try await bench.record(ids[0])
            #expect(record.result == [49])
            #expect(record.attempts.map(\.worker) == ["w"])
        }
    }

    @Test func neverRunsMoreThanItsSlotsAndAsksForNoMore() async throws {
        let bench = Bench()
        let turnstile = Turnstile()
        let ids = try await bench.enqueue(60)
        try await bench.run(WorkerConfiguration(concurrency: 3, name: "w")) { _ in
            turnstile.enter()
            for _ in 0..<20 { await Task.yield() }
            turnstile.leave()
            return .succeeded()
        } _: { _ in
            for id in ids { try await bench.eventually(id, is: .succeeded) }
        }
        #expect(turnstile.most <= 3)
        #expect(turnstile.passed == 60)
        #expect(bench.source.state.withLock { $0.requests.allSatisfy { (1...3).contains($0.limit) } })
    }

    @Test func asksOnlyForTypesItCanRun() async throws {
        let bench = Bench()
        let foreign = try await bench.enqueue { $0.type = "somebody.elses" }
        let own = try await bench.enqueue()
        try await bench.run(handler: { _ in .succeeded() }) { _ in
            try await bench.eventually(own[0], is: .succeeded)
            let record = try await bench.record(foreign[0])
            #expect(record.status == .queued)
            #expect(record.message.attempt == 0)
        }
    }

    @Test func aFailingSourceIsAskedAgain() async throws {
        let bench = Bench()
        bench.source.state.withLock { $0.failingClaims = 2 }
        let ids = try await bench.enqueue()
        try await bench.run(handler: { _ in .succeeded() }) { _ in
            try await bench.eventually(ids[0], is: .succeeded)
        }
    }

    @Test func sidekiq_4495_lost_ack_retried_until_lease_end() async throws {
        let bench = Bench()
        bench.source.state.withLock { $0.failingCompletions = 2 }
        let ids = try await bench.enqueue()
        let turnstile = Turnstile()
        try await bench.run { _ in
            turnstile.enter()
            return .succeeded()
        } _: { _ in
            try await bench.eventually(ids[0], is: .succeeded)
        }
        #expect(turnstile.passed == 1, "the work was done; only its record was missing")
    }

    @Test func aThrowingHandlerIsRetriedByPolicy() async throws {
        let quick = TaskPolicies(maxRetries: 2, retry: RetryPolicy(base: .milliseconds(1), cap: .milliseconds(5)))
        let bench = Bench(policies: quick)
        let ids = try await bench.enqueue()
        try await bench.run(withDuties: true) { _ in
            throw Failure("smtp is down")
        } _: { _ in
            try await bench.eventually(ids[0], is: .dead)
        }
        let record = try await bench.record(ids[0])
        #expect(record.attempts.map(\.number) == [1, 2, 3])
        #expect(record.lastError == "smtp is down")
        #expect(record.deadReason == .retriesExhausted)
    }
}
