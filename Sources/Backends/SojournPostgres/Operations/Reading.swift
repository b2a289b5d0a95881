#if Postgres
import PQ
public import SojournCore
public import SojournModel

extension PostgresQueue {
    /// One task with its attempts.
    public func task(_ id: TaskID) async throws(BackendError) -> TaskRecord? {
        let parameters: [PQValue] = [.uuid(id.uuid)]
        let results = try await database.run([
            PQStatement(database.sql.record, parameters), PQStatement(database.sql.attempts, parameters),
        ])
        guard results[0].rowCount > 0 else { return nil }
        return try database.read {
            () throws(PQError) in
            let row = RecordRow(rows: results[0], row: 0)
            var record = try row.record()
            for index in 0..<results[1].rowCount { record.attempts.append(try Self.attempt(results[1], index)) }
            if let current = try row.currentAttempt(record) { record.attempts.append(current) }
            return record
        }
    }

    private static func attempt(_ rows: PQResult, _ row: Int) throws(PQError) -> AttemptRecord {
        AttemptRecord(
            number: try rows.int(row, 0), worker: try rows.text(row, 1),
            startedAt: try rows.timestamp(row, 2),
            finishedAt: try rows.timestampOrNil(row, 3), outcome: try rows.textOrNil(row, 4),
            error: try rows.textOrNil(row, 5))
    }

    /// The tasks with these identifiers, in this order, without their attempts.
    func records(of ids: [TaskID]) async throws(BackendError) -> [TaskRecord] {
        if ids.isEmpty { return [] }
        let rows = try await database.run(database.sql.records, [.uuidArray(ids.map(\.uuid))])
        let records = try database.read {
            () throws(PQError) in
            var records: [TaskID: TaskRecord] = [:]
            for row in 0..<rows.rowCount {
                let record = try RecordRow(rows: rows, row: row).record()
                records[record.message.id] = record
            }
            return records
        }
        return ids.compactMap { records[$0] }
    }

    /// A page, newest first. Looks at ``Limits/pageScan`` rows at most, so that a rare tag among millions of tasks
    /// costs many short pages instead of one long read.
    public func tasks(
        matching filter: TaskFilter, limit: Int, cursor: String?
    ) async throws(BackendError) -> TaskPage {
        let limit = min(max(1, limit), Limits.page)
        let start = try await start(cursor)
        var query = ListQuery(filter)
        let floor = filter.status == .dead || filter.ids != nil ? 0 : max(0, start - Int64(Limits.pageScan))
        query.add("r.seq <", .int8(start))
        query.add("r.seq >=", .int8(floor))
        query.limit(to: limit)
        let rows = try await database.run(query.text(schema: database.schema), query.values)
        return try database.read {
            () throws(PQError) in
            var page = TaskPage(tasks: [])
            var last = start
            for index in 0..<rows.rowCount {
                let row = RecordRow(rows: rows, row: index)
                page.tasks.append(try row.record())
                last = try row.number()
            }
            let isFull = page.tasks.count == limit
            if isFull || floor > 0 { page.cursor = String(isFull ? last : floor) }
            return page
        }
    }

    private func start(_ cursor: String?) async throws(BackendError) -> Int64 {
        if let cursor {
            guard let start = Int64(cursor), start >= 0 else {
                throw BackendError(.rejected, "cursor must be one that an earlier page gave.")
            }
            return start
        }
        let rows = try await database.run(database.sql.listEnd)
        return try database.read { () throws(PQError) in try rows.int8(0, 0) }
    }
}

/// The conditions of a listing.
private struct ListQuery {
    private(set) var values: [PQValue] = []
    private var conditions: [String] = []
    /// Which of the values is the limit.
    private var limit = 0

    init(_ filter: TaskFilter) {
        if let queue = filter.queue { add("r.queue =", .text(queue.rawValue)) }
        // The dead have an index of their own.
        if filter.status == .dead {
            conditions.append("r.ended_status = 7")
        } else if let status = filter.status {
            add("r.status =", .int2(Int16(status.code)))
        }
        if let type = filter.type { add("r.type =", .text(type.rawValue)) }
        if let tenant = filter.tenant { add("r.tenant =", .text(tenant.rawValue)) }
        if let tag = filter.tag { contains("' ' || r.tags || ' '", " \(tag) ", unless: tag.contains(" ")) }
        if let error = filter.error { contains("r.last_error", error, unless: false) }
        if let instant = filter.finishedBefore { add("r.finished_at <", .int8(instant.microseconds)) }
        if let ids = filter.ids { add("r.id = ANY", .uuidArray(ids.map(\.uuid))) }
    }

    mutating func add(_ condition: String, _ value: PQValue) {
        values.append(value)
        conditions.append("\(condition) ($\(values.count))")
    }

    /// A value like the others: each text is a statement that its connection keeps.
    mutating func limit(to rows: Int) {
        values.append(.int8(Int64(rows)))
        limit = values.count
    }

    /// Text that Postgres cannot hold is in no task.
    private mutating func contains(_ column: String, _ text: String, unless isImpossible: Bool) {
        if isImpossible || text.utf8.contains(0) {
            conditions.append("false")
            return
        }
        values.append(.text(text))
        conditions.append("strpos(\(column), $\(values.count)) > 0")
    }

    func text(schema: String) -> String {
        "SELECT * FROM \(schema).record r WHERE \(conditions.joined(separator: " AND ")) "
            + "ORDER BY r.seq DESC LIMIT $\(limit)"
    }
}
#endif
