#if SQLite
import SojournCore
import SojournModel

/// Reads records for people and programs that ask about tasks; runs on the pool's reading connections.
struct RecordReader {
    let connection: OpaquePointer

    private static let columns = """
        \(MessageColumns.sql), seq, status, payload, lane.queue, lane.tenant, lane.priority, lane.type, started_at, \
        finished_at, result, last_error, dead_reason, tags, cancel_requested, waited_us, worker, attempt_started_at, \
        attempt_finished_at, last_outcome
        """

    /// One task with its attempts.
    func task(_ id: TaskID) throws(BackendError) -> TaskRecord? {
        let select = try Statement(
            "SELECT \(Self.columns) FROM task JOIN lane ON lane.id = task.lane WHERE task.id = ?1", on: connection)
        defer { select.finalize() }
        select.bind(1, id)
        guard try select.next() else { return nil }
        var record = Self.record(select)
        record.attempts = try attempts(of: select.int64(MessageColumns.count))
        if let current = Self.currentAttempt(select, record) { record.attempts.append(current) }
        return record
    }

    /// A page, newest first. Looks at ``Limits/pageScan`` rows at most, so that a rare tag among millions of tasks
    /// costs many short pages instead of one long read.
    func tasks(matching filter: TaskFilter, limit: Int, before start: Int64) throws(BackendError) -> TaskPage {
        var condition = FilterSQL(filter)
        condition.add("seq < \(start)")
        let floor = filter.status == .dead || filter.ids != nil ? 0 : max(0, start - Int64(Limits.pageScan))
        condition.add("seq >= \(floor)")
        let select = try Statement(
            """
            SELECT \(Self.columns) FROM task JOIN lane ON lane.id = task.lane
            WHERE \(condition.sql) ORDER BY seq DESC LIMIT \(limit)
            """, on: connection)
        defer { select.finalize() }
        condition.bind(to: select)
        var page = TaskPage(tasks: [])
        var last: Int64 = start
        while try select.next() {
            page.tasks.append(Self.record(select))
            last = select.int64(MessageColumns.count)
        }
        let isFull = page.tasks.count == limit
        if isFull || floor > 0 { page.cursor = String(isFull ? last : floor) }
        return page
    }

    /// The task that each one's idempotency key belongs to.
    func owners(of tasks: [NewTask]) throws(BackendError) -> [TaskID?] {
        let select = try Statement(
            "SELECT task FROM idempotency_key WHERE tenant = ?1 AND key = ?2", on: connection)
        defer { select.finalize() }
        var owners: [TaskID?] = []
        for task in tasks {
            select.bind(1, task.message.tenant.rawValue)
            select.bind(2, task.idempotencyKey)
            owners.append(try select.next() ? select.taskID(0) : nil)
            select.reset()
        }
        return owners
    }

    /// The sequence number past the newest task.
    func end() throws(BackendError) -> Int64 {
        let select = try Statement("SELECT COALESCE(MAX(seq), 0) + 1 FROM task", on: connection)
        defer { select.finalize() }
        return try select.next() ? select.int64(0) : 1
    }

    private func attempts(of seq: Int64) throws(BackendError) -> [AttemptRecord] {
        let select = try Statement(
            """
            SELECT number, worker, started_at, finished_at, outcome, error FROM attempt
            WHERE task = ?1 ORDER BY number
            """, on: connection)
        defer { select.finalize() }
        select.bind(1, seq)
        var attempts: [AttemptRecord] = []
        while try select.next() {
            attempts.append(
                AttemptRecord(
                    number: select.int(0), worker: select.text(1) ?? "", startedAt: select.timestamp(2),
                    finishedAt: select.timestamp(3), outcome: select.text(4), error: select.text(5)))
        }
        return attempts
    }

    /// The attempt that stands in the task's own row: the running one, or the one that ended the task well.
    private static func currentAttempt(_ row: Statement, _ record: TaskRecord) -> AttemptRecord? {
        let next = MessageColumns.count
        guard !row.isNull(next + 16) else { return nil }
        switch record.status {
        case .running:
            return AttemptRecord(
                number: record.message.attempt, worker: row.text(next + 15) ?? "", startedAt: row.timestamp(next + 16))
        case .succeeded, .cancelled:
            guard let outcome = row.text(next + 18), outcome == "succeeded" || outcome == "cancelled" else {
                return nil
            }
            // A cancelled attempt is on record, but was not counted.
            let number = record.message.attempt + (outcome == "cancelled" ? 1 : 0)
            return AttemptRecord(
                number: number, worker: row.text(next + 15) ?? "", startedAt: row.timestamp(next + 16),
                finishedAt: row.optionalTimestamp(next + 17), outcome: outcome)
        case .blocked, .scheduled, .queued, .retrying, .dead:
            return nil
        }
    }

    private static func record(_ row: Statement) -> TaskRecord {
        let next = MessageColumns.count
        let lane = Lane(
            queue: QueueName(trusted: row.text(next + 3) ?? ""), tenant: Tenant(trusted: row.text(next + 4) ?? ""),
            priority: Priority(rawValue: row.int(next + 5)) ?? .default)
        let key = LaneTable.Key(lane: lane, type: TaskType(trusted: row.text(next + 6) ?? ""))
        return TaskRecord(
            message: MessageColumns.message(row, key: key, payload: row.bytes(next + 2) ?? []),
            status: TaskStatus(code: row.int(next + 1)) ?? .dead,
            startedAt: row.optionalTimestamp(next + 7),
            finishedAt: row.optionalTimestamp(next + 8),
            result: row.bytes(next + 9),
            lastError: row.text(next + 10),
            deadReason: row.text(next + 11).flatMap { DeadReason(rawValue: $0) },
            tags: row.text(next + 12)?.split(separator: " ").map(String.init) ?? [],
            isCancelRequested: row.int(next + 13) == 1,
            waited: row.optionalInt64(next + 14).map { .microseconds($0) })
    }
}
#endif
