#if Postgres
import PQ
import SojournCore
import SojournModel
import SojournPostgres
import Testing

/// What applications call inside their own transactions.
@Suite("sojourn.enqueue", .needsPostgres) struct EnqueueTests {
    private struct Stage {
        let queue: PostgresQueue
        let pool: PQPool
        let schema: String

        func enqueue(_ type: String, _ options: String = "{}") -> PQStatement {
            PQStatement(
                "SELECT \(schema).enqueue($1::text, $2::bytea, $3::jsonb)",
                [.text(type), .bytea([1, 2]), .jsonb(options)])
        }

        func claim(_ wait: Duration = .zero) async throws -> [Delivery] {
            try await queue.lease(LeaseRequest(limit: 10, wait: wait, worker: "w")).deliveries
        }
    }

    private func withStage(_ body: (Stage) async throws -> Void) async throws {
        let (url, schema) = (try await OnePostgres.url(), OnePostgres.schema())
        let connection = try PostgresConnection(url, schema: schema, connections: 4, logger: .silent)
        let pool = try PQPool(PQConfiguration(url: url, maxConnections: 4), logger: .silent)
        let result: Result<Void, any Error>
        do {
            try await connection.migrations.apply()
            result = .success(try await body(Stage(queue: connection.queue, pool: pool, schema: schema)))
        } catch {
            result = .failure(error)
        }
        await pool.close()
        await connection.close()
        try result.get()
    }

    @Test func startsAfterTheCommitAndNeverBefore() async throws {
        try await withStage { stage in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { do { try await stage.queue.run() } catch is CancellationError {} }
                let id = try await stage.pool.transaction { (transaction: PQTransaction) async throws(PQError) in
                    let rows = try await transaction.run([stage.enqueue("mail", #"{"queue": "q", "tags": ["a"]}"#)])
                    return try rows[0].uuid(0, 0)
                }
                let deliveries = try await stage.claim(.seconds(10))
                #expect(deliveries.map(\.message.id) == [TaskID(high: id.high, low: id.low)])
                #expect(deliveries.first?.message.queue == "q" && deliveries.first?.message.payload == [1, 2])
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    @Test func aRollbackLeavesNothing() async throws {
        try await withStage { stage in
            await #expect(throws: PQError.self) {
                try await stage.pool.transaction { (transaction: PQTransaction) async throws(PQError) in
                    _ = try await transaction.run([stage.enqueue("mail")])
                    _ = try await transaction.run("SELECT 1 / 0")
                }
            }
            let (claimed, depths) = (try await stage.claim(), try await stage.queue.depths())
            #expect(claimed.isEmpty && depths.isEmpty)
        }
    }

    @Test func anIdempotencyKeyIsOneTask() async throws {
        try await withStage { stage in
            let options = #"{"idempotency_key": "order-1"}"#
            let first = try await stage.pool.run([stage.enqueue("mail", options)])[0].uuid(0, 0)
            let second = try await stage.pool.run([stage.enqueue("mail", options)])[0].uuid(0, 0)
            #expect(first == second)
            await #expect(throws: PQError.self) { try await stage.pool.run([stage.enqueue("other", options)]) }
            let claimed = try await stage.claim()
            #expect(claimed.count == 1)
        }
    }

    @Test(arguments: [
        (#"{"queue": "a b"}"#, "queue must be"), (#"{"priority": "urgent"}"#, "priority must be"),
        (#"{"delay_seconds": -1}"#, "delay_seconds must be"), (#"{"when": 1}"#, "no option when"),
        (#"{"run_at": "tomorrow"}"#, "run_at must be"), (#"{"max_retries": 1.5}"#, "whole number"),
    ])
    func badOptionsAreNamed(options: String, words: String) async throws {
        try await withStage { stage in
            do throws(PQError) {
                _ = try await stage.pool.run([stage.enqueue("mail", options)])
                Issue.record("\(options) was accepted")
            } catch {
                #expect(error.message.contains(words), "\(error.message)")
            }
            let claimed = try await stage.claim()
            #expect(claimed.isEmpty)
        }
    }
}
#endif
