#if SQLite
import SojournCore
import SojournModel

/// Reads depths from the counts that every transaction keeps: the cost grows with the lanes, not with the tasks.
struct DepthReader {
    let connection: OpaquePointer

    func depths() throws(BackendError) -> [QueueDepth] {
        let statuses = TaskStatus.allCases
        let sums = statuses.map { "SUM(\($0.rawValue))" }.joined(separator: ", ")
        let select = try Statement(
            """
            SELECT queue, priority, \(sums), MIN((
                SELECT MIN(available_at) FROM task INDEXED BY task_ready WHERE status = 2 AND task.lane = lane.id))
            FROM lane GROUP BY queue, priority ORDER BY queue, priority
            """, on: connection)
        defer { select.finalize() }
        var depths: [QueueDepth] = []
        while try select.next() {
            var counts: [TaskStatus: Int] = [:]
            for (index, status) in statuses.enumerated() {
                let count = select.int(Int32(2 + index))
                if count != 0 { counts[status] = count }
            }
            if counts.isEmpty { continue }
            depths.append(
                QueueDepth(
                    queue: QueueName(trusted: select.text(0) ?? ""),
                    priority: Priority(rawValue: select.int(1)) ?? .default, counts: counts,
                    oldestAvailableAt: select.optionalTimestamp(Int32(2 + statuses.count))))
        }
        return depths
    }
}
#endif
