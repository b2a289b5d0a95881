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
    private let all: [Statement]

    init(on connection: OpaquePointer) throws(BackendError) {
        var made: [Statement] = []
        func prepare(_ sql: String) throws(BackendError) -> Statement {
            made.append(try Statement(sql, on: connection))
            return made[made.count - 1]
        }
        do throws(BackendError) {
            commit = try prepare("COMMIT")
            insertTask = try prepare(Self.insertTaskSQL)
            selectKey = try prepare(
                "SELECT task, fingerprint FROM idempotency_key WHERE tenant = ?1 AND key = ?2")
            insertKey = try prepare(
                "INSERT INTO idempotency_key (tenant, key, task, fingerprint, made_at) VALUES (?1, ?2, ?3, ?4, ?5)")
            selectReady = try prepare(
                """
                SELECT \(MessageColumns.sql), seq, payload FROM task INDEXED BY task_ready
                WHERE status = 2 AND lane = ?1 AND available_at >= ?3 AND available_at < ?4
                ORDER BY available_at LIMIT ?2
                """)
            selectQueued = try prepare(
                "SELECT \(MessageColumns.sql), seq, payload FROM task WHERE id = ?1 AND status = 2")
            selectOldest = try prepare(
                """
                SELECT available_at FROM task INDEXED BY task_ready
                WHERE status = 2 AND lane = ?1 AND available_at >= ?2 ORDER BY available_at LIMIT 1
                """)
            countReady = try prepare(
                """
                SELECT COUNT(*) FROM (SELECT 1 FROM task INDEXED BY task_ready
                WHERE status = 2 AND lane = ?1 AND available_at >= ?3 AND available_at < ?4 LIMIT ?2)
                """)
            lease = try prepare(Self.leaseSQL)
            settle = try prepare(Self.settleSQL)
            insertAttempt = try prepare(
                """
                INSERT OR REPLACE INTO attempt (task, number, worker, started_at, finished_at, outcome, error)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """)
            selectSettled = try prepare("SELECT status, token, last_outcome FROM task WHERE id = ?1")
            setStatus = try prepare(
                "UPDATE task SET status = ?2, finished_at = ?3, dead_reason = ?4 WHERE seq = ?1")
            updateLane = try prepare(LaneTable.updateSQL)
            deleteAttempts = try prepare("DELETE FROM attempt WHERE task = ?1")
            deleteTask = try prepare("DELETE FROM task WHERE seq = ?1")
            all = made
        } catch {
            // SQLite closes no connection that has statements.
            for statement in made { statement.finalize() }
            throw error
        }
    }

    func finalize() {
        for statement in all { statement.finalize() }
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
