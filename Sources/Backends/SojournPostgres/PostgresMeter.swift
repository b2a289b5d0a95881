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
    public func clear() async throws(BackendError) {
        let connection = try connection(1)
        do throws(BackendError) {
            _ = try await connection.queue.database.run("DROP SCHEMA IF EXISTS \(Self.schema) CASCADE")
            try await connection.migrations.apply()
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    /// Bytes of the tables and indexes.
    public func usedBytes() async throws(BackendError) -> Int {
        let connection = try connection(1)
        let database = connection.queue.database
        let sizes: Result<PQResult, BackendError>
        do throws(BackendError) {
            sizes = .success(
                try await database.run(
                    """
                    SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
                    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1::text AND c.relkind = 'r'
                    """, [.text(Self.schema)]))
        } catch {
            sizes = .failure(error)
        }
        await connection.close()
        let rows = try sizes.get()
        return try database.read { () throws(PQError) in try rows.int(0, 0) }
    }

    /// Inserts `count` tasks of 100 bytes, then hands all of them out and finishes them; tasks per second of the
    /// latter.
    public func drainSpeed(_ count: Int, time: any TimeSource = SystemTime()) async throws -> Double {
        try await clear()
        let connection = try connection(4)
        let queue = connection.queue
        var random = SystemRandomNumberGenerator()
        let payload = [UInt8](repeating: UInt8(ascii: "x"), count: 100)
        for start in stride(from: 0, to: count, by: 1_000) {
            let now = time.now()
            _ = try await queue.insert(
                (start..<min(start + 1_000, count)).map { _ in
                    NewTask(
                        message: TaskMessage(
                            id: TaskID(at: now, random: &random), type: "noop", payload: payload, enqueuedAt: now,
                            availableAt: now))
                })
        }
        let begin = time.now()
        async let other: Void = Self.fetchAll(from: queue)
        try await Self.fetchAll(from: queue)
        try await other
        let seconds = time.now().duration(since: begin).inSeconds
        await connection.close()
        return Double(count) / seconds
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
