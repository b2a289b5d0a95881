#if Postgres
import PostgresTestKit
import SojournCore
import SojournModel
import SojournPostgres
import Testing

@Suite("Postgres behind PgBouncer", .needsPostgres, .needsPgBouncer, .timeLimit(.minutes(1))) struct PgBouncerTests {
    @Test("workers that wait are woken through the direct address, and look once a second without it")
    func wakeUps() async throws {
        let (server, bouncer) = (try await OnePostgres.server(), try await OnePostgres.bouncer())
        for (direct, limit) in [(server.url(), Duration.milliseconds(900)), (nil, .seconds(3))] {
            let schema = OnePostgres.schema()
            let one = try connection(bouncer, direct, schema)
            let two = try connection(bouncer, direct, schema)
            try await one.migrations.apply()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { do { try await one.queue.run() } catch is CancellationError {} }
                // A first task, so that it listens and its line is known.
                _ = try await two.queue.insert([newTask()])
                _ = try await one.queue.lease(LeaseRequest(limit: 1, wait: .seconds(10), worker: "w"))
                async let grant = one.queue.lease(LeaseRequest(limit: 1, wait: .seconds(30), worker: "w"))
                try await Task.sleep(for: .milliseconds(300))
                let start = ContinuousClock.now
                _ = try await two.queue.insert([newTask()])
                let count = try await grant.deliveries.count
                #expect(count == 1)
                #expect(ContinuousClock.now - start < limit)
                group.cancelAll()
                try await group.waitForAll()
            }
            await one.close()
            await two.close()
        }
    }

    private func connection(
        _ bouncer: PgBouncerProcess, _ direct: String?, _ schema: String
    ) throws -> PostgresConnection {
        try PostgresConnection(
            bouncer.url, schema: schema, connections: 4, isPooled: true, directURL: direct, logger: .silent)
    }

    private func newTask() -> NewTask {
        var random = SystemRandomNumberGenerator()
        let now = SystemTime().now()
        return NewTask(
            message: TaskMessage(
                id: TaskID(at: now, random: &random), type: "test", payload: [1], enqueuedAt: now, availableAt: now))
    }
}
#endif
