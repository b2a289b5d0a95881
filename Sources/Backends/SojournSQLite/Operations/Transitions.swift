#if SQLite
import GRDBSQLite
import SojournCore
import SojournModel

/// Where waiting workers look: tasks of one type in one queue.
struct Line: Hashable, Sendable {
    var queue: QueueName
    var type: TaskType
}

extension Line {
    init(_ line: HintLine) { self.init(queue: line.lane.queue, type: line.type) }
}

extension Writer {
    /// Rows that the last statement changed.
    var rowsChanged: Int { Int(sqlite3_changes(connection)) }

    /// Moves one waiting or final task to another status.
    mutating func setStatus(
        of seq: Int64, in lane: Int64, from: TaskStatus, to: TaskStatus, now: Timestamp, reason: DeadReason? = nil,
        availableAt: Timestamp? = nil
    ) throws(BackendError) {
        let update = statements.setStatus
        update.bind(1, seq)
        update.bind(2, to.code)
        update.bind(3, to.isFinal ? now.microseconds : nil)
        update.bind(4, reason?.rawValue)
        try update.run()
        lanes.move(lane, from: from, to: to, availableAt: availableAt)
    }

    /// Makes due tasks available; which, and when the next one is due.
    mutating func promote(
        limit: Int, now: Timestamp
    ) throws(BackendError) -> (hints: [Hint], nextDue: Timestamp?) {
        var due: [(seq: Int64, lane: Int64, status: TaskStatus, at: Timestamp, id: TaskID)] = []
        let select = try Statement(
            """
            SELECT seq, lane, status, available_at, id FROM task INDEXED BY task_due
            WHERE status = 1 OR status = 4 ORDER BY available_at LIMIT ?1
            """, on: connection)
        defer { select.finalize() }
        select.bind(1, limit + 1)
        var next: Timestamp?
        while try select.next() {
            let at = select.timestamp(3)
            guard at <= now, due.count < limit else {
                next = at
                break
            }
            let status = TaskStatus(code: select.int(2)) ?? .scheduled
            due.append((select.int64(0), select.int64(1), status, at, select.taskID(4)))
        }
        select.reset()
        var hints: [Hint] = []
        hints.reserveCapacity(due.count)
        for task in due {
            try setStatus(
                of: task.seq, in: task.lane, from: task.status, to: .queued, now: now, availableAt: task.at)
            guard let key = lanes.entries[task.lane]?.key else { continue }
            hints.append(Hint(id: task.id, line: HintLine(lane: key.lane, type: key.type), availableAt: task.at))
        }
        return (hints, next)
    }

    /// Stops tasks that wait, and notes the wish for those that run.
    mutating func cancel(_ ids: [TaskID], now: Timestamp) throws(BackendError) -> [CancelResult] {
        var results: [CancelResult] = []
        for id in ids { results.append(try cancel(id, now: now)) }
        return results
    }

    private mutating func cancel(_ id: TaskID, now: Timestamp) throws(BackendError) -> CancelResult {
        if var held = held[id] {
            held.isCancelRequested = true
            hold(id, held)
            try run("UPDATE task SET cancel_requested = 1 WHERE seq = ?1") { $0.bind(1, held.seq) }
            return .requested
        }
        let select = try Statement("SELECT seq, lane, status, available_at FROM task WHERE id = ?1", on: connection)
        defer { select.finalize() }
        select.bind(1, id)
        guard try select.next(), let status = TaskStatus(code: select.int(2)) else { return .unknown }
        let (seq, lane, availableAt) = (select.int64(0), select.int64(1), select.timestamp(3))
        select.reset()
        if status.isFinal { return .final(status) }
        try setStatus(of: seq, in: lane, from: status, to: .cancelled, now: now)
        guard status == .queued, let queue = lanes.entries[lane]?.key.lane.queue else {
            return .cancelled(waiting: nil)
        }
        return .cancelled(waiting: Arrival(queue: queue, availableAt: availableAt))
    }

    /// Stops or resumes a queue.
    mutating func setPaused(_ queue: QueueName, _ isPaused: Bool) throws(BackendError) {
        let sql =
            isPaused
            ? "INSERT OR IGNORE INTO paused_queue (queue) VALUES (?1)" : "DELETE FROM paused_queue WHERE queue = ?1"
        try run(sql) { $0.bind(1, queue.rawValue) }
        if isPaused { paused.insert(queue) } else { paused.remove(queue) }
    }

    /// Runs a statement that is too rare to keep prepared.
    func run(_ sql: String, bind: (Statement) -> Void) throws(BackendError) {
        let statement = try Statement(sql, on: connection)
        defer { statement.finalize() }
        bind(statement)
        try statement.run()
    }
}
#endif
