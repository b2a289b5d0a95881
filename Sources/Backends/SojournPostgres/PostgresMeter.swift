#if Postgres
import Logging
import PQ
public import SojournCore
import SojournModel

/// A database to be measured: what it holds, and what it can do with our own statements when they are called in large
/// batches, two at a time, and nothing else is done.
public struct PostgresMeter: Sendable {
    /// The schema that is measured, and deleted for each figure.
    public static let schema = "sojourn_bench"
    private let url: String

    /// Measures the database at `url`.
    public init(_ url: String) { self.url = url }

    /// A connection to the schema that is measured.
    public func connection(_ connections: Int = 20) throws(BackendError) -> PostgresConnection {
        try PostgresConnection(
            url, schema: Self.schema, connections: connections,
            logger: Logger(label: "sojourn.postgres") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Deletes the schema and makes it anew.
    public func clear() async throws {
        try await connected { connection in
            _ = try await connection.queue.database.run("DROP SCHEMA IF EXISTS \(Self.schema) CASCADE")
            try await connection.migrations.apply()
        }
    }

    /// Bytes of the tables and indexes.
    public func usedBytes() async throws -> Int {
        try await connected { connection in
            let database = connection.queue.database
            let rows = try await database.run(
                """
                SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1::text AND c.relkind = 'r'
                """, [.text(Self.schema)])
            return try database.read { () throws(PQError) in try rows.int(0, 0) }
        }
    }

    /// Inserts `count` tasks of 100 bytes, then hands all of them out and finishes them; tasks per second of the
    /// latter.
    public func drainSpeed(_ count: Int, time: any TimeSource = SystemTime()) async throws -> Double {
        try await clear()
        return try await connected(4) { connection in
            let queue = connection.queue
            return try await queue.rawDrainSpeed(count, time: time) { () throws(BackendError) in
                try await Self.fetchAll(from: queue)
            }
        }
    }

    private func connected<Value>(
        _ connections: Int = 1, _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let connection = try connection(connections)
        let result: Result<Value, any Error>
        do { result = .success(try await body(connection)) } catch { result = .failure(error) }
        await connection.close()
        return try result.get()
    }

    private static func fetchAll(from queue: PostgresQueue) async throws(BackendError) {
        let request = LeaseRequest(limit: 500, worker: "raw")
        let verdict = Verdict(status: .succeeded, disposition: .acknowledge, countsAttempt: true)
        while true {
            let deliveries = try await queue.lease(request).deliveries
            if deliveries.isEmpty { return }
            let now = queue.time.now()
            let results = deliveries.map { delivery in
                AttemptResult(
                    report: AttemptReport(
                        delivery: delivery, outcome: .succeeded(), startedAt: now, finishedAt: now, worker: "raw"),
                    verdict: verdict)
            }
            _ = try await queue.finish(results)
        }
    }
}
#endif
