#if Postgres
import PQ
public import SojournCore
import SojournModel

extension PostgresQueue {
    private static let columns: [TaskStatus] = [
        .scheduled, .queued, .running, .retrying, .succeeded, .cancelled, .dead,
    ]

    /// How many tasks are where, by queue and priority, in order.
    public func depths() async throws(BackendError) -> [QueueDepth] {
        let rows = try await database.run(database.sql.depths)
        return try database.read {
            () throws(PQError) in
            var depths: [QueueDepth] = []
            for row in 0..<rows.rowCount {
                var counts: [TaskStatus: Int] = [:]
                for (index, status) in Self.columns.enumerated() {
                    let count = try rows.int(row, 2 + index)
                    if count != 0 { counts[status] = count }
                }
                depths.append(
                    QueueDepth(
                        queue: QueueName(trusted: try rows.text(row, 0)),
                        priority: Priority(rawValue: try rows.int(row, 1)) ?? .default, counts: counts,
                        oldestAvailableAt: try rows.timestampOrNil(row, 9)))
            }
            return depths
        }
    }
}
#endif
