#if SQLite
import SojournCore
import SojournModel

extension Writer {
    /// Puts dead letters back, oldest first, with a new budget of attempts.
    mutating func replay(
        matching filter: TaskFilter, limit: Int, now: Timestamp
    ) throws(BackendError) -> [TaskMessage] {
        var messages: [TaskMessage] = []
        for (seq, lane, id) in try deadLetters(matching: filter, limit: limit) {
            try run(
                """
                UPDATE task SET status = 2, available_at = ?2, attempts_before_replay = attempt, crashes = 0,
                    finished_at = NULL, dead_reason = NULL WHERE seq = ?1
                """
            ) {
                $0.bind(1, seq)
                $0.bind(2, now)
            }
            lanes.move(lane, from: .dead, to: .queued, availableAt: now)
            guard let key = lanes.entries[lane]?.key else { continue }
            // Store and backend are one here, so the message only has to say whom to wake.
            messages.append(
                TaskMessage(
                    id: id, type: key.type, queue: key.lane.queue, tenant: key.lane.tenant,
                    priority: key.lane.priority, payload: [], enqueuedAt: now, availableAt: now))
        }
        return messages
    }

    /// Deletes dead letters, oldest first.
    mutating func purge(matching filter: TaskFilter, limit: Int) throws(BackendError) -> Int {
        let letters = try deadLetters(matching: filter, limit: limit)
        for (seq, lane, _) in letters { try delete(seq, in: lane, status: .dead) }
        return letters.count
    }

    /// Deletes what retention no longer keeps; how many rows.
    mutating func prune(_ cutoffs: RetentionCutoffs, limit: Int) throws(BackendError) -> Int {
        var rows = try finished(before: cutoffs.finished, limit: limit)
        if let dead = cutoffs.dead { rows += try deadLetters(diedBefore: dead, limit: limit - rows.count) }
        for row in rows { try delete(row.seq, in: row.lane, status: row.status) }
        try run(
            """
            DELETE FROM idempotency_key WHERE (tenant, key) IN
            (SELECT tenant, key FROM idempotency_key WHERE made_at < ?1 ORDER BY made_at LIMIT ?2)
            """
        ) {
            $0.bind(1, cutoffs.keys)
            $0.bind(2, limit)
        }
        return rows.count + rowsChanged
    }

    private mutating func delete(_ seq: Int64, in lane: Int64, status: TaskStatus) throws(BackendError) {
        statements.deleteAttempts.bind(1, seq)
        try statements.deleteAttempts.run()
        statements.deleteTask.bind(1, seq)
        try statements.deleteTask.run()
        lanes.move(lane, from: status, to: nil)
    }

    private func deadLetters(
        matching filter: TaskFilter, limit: Int
    ) throws(BackendError) -> [(seq: Int64, lane: Int64, id: TaskID)] {
        var condition = FilterSQL(filter)
        condition.add("status = 7")
        let select = try Statement(
            """
            SELECT seq, task.lane, task.id FROM task JOIN lane ON lane.id = task.lane
            WHERE \(condition.sql) ORDER BY seq LIMIT \(max(0, limit))
            """, on: connection)
        defer { select.finalize() }
        condition.bind(to: select)
        var letters: [(seq: Int64, lane: Int64, id: TaskID)] = []
        while try select.next() { letters.append((select.int64(0), select.int64(1), select.taskID(2))) }
        return letters
    }

    private typealias Prunable = (seq: Int64, lane: Int64, status: TaskStatus)

    private func finished(before cutoff: Timestamp, limit: Int) throws(BackendError) -> [Prunable] {
        try prunable(
            """
            SELECT seq, lane, status FROM task INDEXED BY task_finished
            WHERE (status = 5 OR status = 6) AND finished_at < ?1 ORDER BY finished_at LIMIT ?2
            """, cutoff, limit)
    }

    private func deadLetters(diedBefore cutoff: Timestamp, limit: Int) throws(BackendError) -> [Prunable] {
        try prunable(
            """
            SELECT seq, lane, status FROM task INDEXED BY task_dead
            WHERE status = 7 AND finished_at < ?1 ORDER BY seq LIMIT ?2
            """, cutoff, limit)
    }

    private func prunable(_ sql: String, _ cutoff: Timestamp, _ limit: Int) throws(BackendError) -> [Prunable] {
        let select = try Statement(sql, on: connection)
        defer { select.finalize() }
        select.bind(1, cutoff)
        select.bind(2, limit)
        var rows: [Prunable] = []
        while try select.next() {
            rows.append((select.int64(0), select.int64(1), TaskStatus(code: select.int(2)) ?? .dead))
        }
        return rows
    }
}
#endif
