import SojournCore
import SojournModel
import SojournServer
import SojournTestKit
import SojournWorker
import Testing

/// What happens to tasks without a worker or a caller.
@Suite("Duties") struct DutyTests {
    private func withDuties(
        _ bench: Bench, _ configuration: ServerConfiguration = ServerConfiguration(), _ body: () async throws -> Void
    ) async throws {
        let server = Server(queue: bench.queue, configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await body()
            group.cancelAll()
        }
    }

    @Test func bullmq_1656_a_task_due_sooner_than_the_next_look_is_promoted_in_time() async throws {
        let bench = Bench()
        let lazy = ServerConfiguration(promoteInterval: .seconds(3_600))
        try await withDuties(bench, lazy) {
            _ = try await bench.enqueue { $0.availableAt = $0.availableAt.advanced(by: .seconds(1_800)) }
            let start = bench.time.now()
            let soon = try await bench.enqueue { $0.availableAt = $0.availableAt.advanced(by: .milliseconds(100)) }
            try await bench.eventually(soon[0], is: .queued)
            #expect(bench.time.now().duration(since: start) >= .milliseconds(100))
        }
    }

    @Test func sidekiq_4633_three_crashes_then_poison() async throws {
        let time = ManualTime()
        let bench = Bench(time: time)
        let ids = try await bench.enqueue { $0.maxRetries = 100 }
        try await withDuties(bench) {
            for crash in 1...3 {
                try await eventually("claim \(crash)") {
                    time.advance(by: .seconds(1))
                    return try await bench.queue.claim(LeaseRequest(limit: 1, duration: .seconds(10))).count == 1
                }
                try await eventually("crash \(crash) is noticed") {
                    time.advance(by: .seconds(1))
                    return try await bench.record(ids[0]).message.crashes == crash
                }
            }
            let record = try await bench.record(ids[0])
            #expect(record.status == .dead)
            #expect(record.deadReason == .poison)
            #expect(record.attempts.count == 3)
        }
    }

    @Test func retentionForgetsWhatIsOldInBoundedSteps() async throws {
        let time = ManualTime()
        let bench = Bench(time: time)
        _ = try await bench.enqueue(25)
        for delivery in try await bench.queue.claim(LeaseRequest(limit: 25)) {
            let report = AttemptReport(
                delivery: delivery, outcome: .succeeded(), startedAt: time.now(), finishedAt: time.now(), worker: "w")
            _ = try await bench.queue.complete([report])
        }
        let keepAnHour = ServerConfiguration(
            retentionBatch: 10, retention: RetentionPolicy(finished: .seconds(3_600)))
        try await withDuties(bench, keepAnHour) {
            try await eventually("all are gone") {
                time.advance(by: .seconds(60))
                return try await bench.queue.backend.depths().isEmpty
            }
        }
        #expect(time.now().duration(since: ManualTime().now()) >= .seconds(3_600))
    }

    @Test func theRelayPublishesWhatTheBackendMissed() async throws {
        let bench = Bench()
        let halves = ForgetfulHalves(bench)
        let queue = LocalTaskQueue(store: halves, backend: halves, time: bench.time)
        let ids = try await bench.enqueue(3)
        halves.missed = ids
        let server = Server(queue: queue, configuration: ServerConfiguration(reapInterval: .milliseconds(10)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            try await eventually("all are published") { halves.published == Set(ids) }
            group.cancelAll()
        }
    }
}
