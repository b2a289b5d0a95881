#if Postgres
import PQ
public import SojournCore
import SojournModel

extension PostgresQueue {
    /// Puts dead letters back, oldest first.
    public func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage] {
        guard let values = Self.values(filter, limit: limit) else { return [] }
        let rows = try await database.run(database.sql.replay, [database.now] + values)
        var ids: [TaskID] = []
        for row in 0..<rows.rowCount {
            ids.append(try database.read { () throws(PQError) in try rows.taskID(row, 0) })
        }
        let messages = try await records(of: ids).map(\.message)
        await notices.wake(Gains(messages), through: database)
        return messages
    }

    /// Deletes dead letters, oldest first; how many.
    public func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        guard let values = Self.values(filter, limit: limit) else { return 0 }
        let rows = try await database.run(database.sql.purge, values)
        return try database.read { () throws(PQError) in try rows.int(0, 0) }
    }

    /// Nil where the filter means no dead letters.
    private static func values(_ filter: TaskFilter, limit: Int) -> [PQValue]? {
        guard filter.status ?? .dead == .dead else { return nil }
        func text(_ value: String?) -> PQValue { value.map { .text($0) } ?? .null(.text) }
        // No task has such a text; Postgres cannot even be asked.
        if [filter.tag, filter.error].contains(where: { $0?.utf8.contains(0) ?? false }) { return nil }
        return [
            text(filter.queue?.rawValue), text(filter.type?.rawValue), text(filter.tenant?.rawValue), text(filter.tag),
            text(filter.error), filter.finishedBefore.map { .int8($0.microseconds) } ?? .null(.int8),
            filter.ids.map { .uuidArray($0.map(\.uuid)) } ?? .null(.uuidArray),
            .int4(Int32(clamping: min(limit, Limits.dutyBatch))),
        ]
    }
}
#endif
