#if SQLite
import SojournCore

/// The statements that run once per task or transaction, prepared once per process.
struct HotStatements {
    let commit: Statement
    let insertTask: Statement
    let selectKey: Statement
    let insertKey: Statement
    let selectReady: Statement
    let selectQueued: Statement
    let selectOldest: Statement
    let countReady: Statement
    let lease: Statement
    let settle: Statement
    let insertAttempt: Statement
    let selectSettled: Statement
    let setStatus: Statement
    let updateLane: Statement
    let deleteAttempts: Statement
    let deleteTask: Statement

    init(on connection: OpaquePointer) throws(BackendError) {
        commit = try Statement("COMMIT", on: connection)
        insertTask = try Statement(Self.insertTaskSQL, on: connection)
        selectKey = try Statement(
            "SELECT task, fingerprint FROM idempotency_key WHERE tenant = ?1 AND key = ?2", on: connection)
        insertKey = try Statement(
            "INSERT INTO idempotency_key (tenant, key, task, fingerprint, made_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            on: connection)
        selectReady = try Statement(
            """
            SELECT \(MessageColumns.sql), seq, payload FROM task INDEXED BY task_ready
            WHERE status = 2 AND lane = ?1 AND available_at >= ?3 AND available_at < ?4 ORDER BY available_at LIMIT ?2
            """, on: connection)
        selectQueued = try Statement(
            "SELECT \(MessageColumns.sql), seq, payload FROM task WHERE id = ?1 AND status = 2", on: connection)
        selectOldest = try Statement(
            """
            SELECT available_at FROM task INDEXED BY task_ready
            WHERE status = 2 AND lane = ?1 AND available_at >= ?2 ORDER BY available_at LIMIT 1
            """, on: connection)
        countReady = try Statement(
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM task INDEXED BY task_ready
            WHERE status = 2 AND lane = ?1 AND available_at >= ?3 AND available_at < ?4 LIMIT ?2)
            """, on: connection)
        lease = try Statement(Self.leaseSQL, on: connection)
        settle = try Statement(Self.settleSQL, on: connection)
        insertAttempt = try Statement(
            """
            INSERT OR REPLACE INTO attempt (task, number, worker, started_at, finished_at, outcome, error)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, on: connection)
        selectSettled = try Statement("SELECT status, token, last_outcome FROM task WHERE id = ?1", on: connection)
        setStatus = try Statement(
            "UPDATE task SET status = ?2, finished_at = ?3, dead_reason = ?4 WHERE seq = ?1", on: connection)
        updateLane = try Statement(LaneTable.updateSQL, on: connection)
        deleteAttempts = try Statement("DELETE FROM attempt WHERE task = ?1", on: connection)
        deleteTask = try Statement("DELETE FROM task WHERE seq = ?1", on: connection)
    }

    func finalize() {
        for statement in [
            commit, insertTask, selectKey, insertKey, selectReady, selectQueued, selectOldest, countReady, lease,
            settle, insertAttempt, selectSettled, setStatus, updateLane, deleteAttempts, deleteTask,
        ] { statement.finalize() }
    }

    private static let insertTaskSQL = """
        INSERT INTO task (seq, id, lane, status, available_at, enqueued_at, max_retries, retry, timeout_us, deadline, \
        traceparent, tags, payload, promise_us, estimate_us)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (id) DO NOTHING
        """

    private static let leaseSQL = """
        UPDATE task SET status = 3, attempt = attempt + 1, token = ?2, lease_us = ?3, worker = ?4, is_local = ?5,
            attempt_started_at = ?6, attempt_finished_at = NULL, started_at = COALESCE(started_at, ?6),
            waited_us = COALESCE(waited_us, MAX(0, ?6 - available_at))
        WHERE seq = ?1
        """

    private static let settleSQL = """
        UPDATE task SET status = ?2, available_at = ?3, attempt = ?4, crashes = ?5, lease_us = NULL, worker = ?6,
            attempt_started_at = ?7, attempt_finished_at = ?8, finished_at = ?9, dead_reason = ?10,
            last_outcome = ?11, last_error = COALESCE(?12, last_error), result = ?13, cancel_requested = NULL
        WHERE seq = ?1
        """
}
#endif
