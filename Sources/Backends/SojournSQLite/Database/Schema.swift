#if SQLite
import GRDB

/// The tables, as numbered migrations. A migration that was released never changes; a new one is added.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try $0.execute(sql: version1) }
        migrator.registerMigration("2") { try $0.execute(sql: version2) }
        return migrator
    }

    /// `lane` counts what `task` holds, in the same transactions, so that a depth is never a scan.
    ///
    /// The current attempt of a task stands in its own row; a failed one moves to `attempt`. A task that succeeds at
    /// once therefore costs no second row. `status` follows ``StatusCode``. The partial indexes hold only what their
    /// duty looks for: a million finished tasks make neither claiming nor promoting slower.
    private static let version1 = """
        CREATE TABLE lane (
            id INTEGER PRIMARY KEY,
            queue TEXT NOT NULL,
            tenant TEXT NOT NULL,
            priority INTEGER NOT NULL,
            type TEXT NOT NULL,
            blocked INTEGER NOT NULL DEFAULT 0,
            scheduled INTEGER NOT NULL DEFAULT 0,
            queued INTEGER NOT NULL DEFAULT 0,
            running INTEGER NOT NULL DEFAULT 0,
            retrying INTEGER NOT NULL DEFAULT 0,
            succeeded INTEGER NOT NULL DEFAULT 0,
            cancelled INTEGER NOT NULL DEFAULT 0,
            dead INTEGER NOT NULL DEFAULT 0,
            UNIQUE (queue, tenant, priority, type)
        ) STRICT;

        CREATE TABLE task (
            seq INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            lane INTEGER NOT NULL,
            status INTEGER NOT NULL,
            available_at INTEGER NOT NULL,
            enqueued_at INTEGER NOT NULL,
            attempt INTEGER NOT NULL DEFAULT 0,
            attempts_before_replay INTEGER NOT NULL DEFAULT 0,
            crashes INTEGER NOT NULL DEFAULT 0,
            token BLOB,
            lease_us INTEGER,
            worker TEXT,
            is_local INTEGER,
            attempt_started_at INTEGER,
            attempt_finished_at INTEGER,
            started_at INTEGER,
            waited_us INTEGER,
            finished_at INTEGER,
            cancel_requested INTEGER,
            dead_reason TEXT,
            last_outcome TEXT,
            last_error TEXT,
            max_retries INTEGER,
            retry TEXT,
            timeout_us INTEGER,
            deadline INTEGER,
            traceparent TEXT,
            tags TEXT,
            result BLOB,
            payload BLOB NOT NULL,
            CHECK ((status = 3) = (lease_us IS NOT NULL)),
            CHECK ((finished_at IS NULL) = (status < 5))
        ) STRICT;
        CREATE INDEX task_ready ON task (lane, available_at) WHERE status = 2;
        CREATE INDEX task_due ON task (available_at) WHERE status = 1 OR status = 4;
        CREATE INDEX task_running ON task (lane) WHERE status = 3;
        CREATE INDEX task_dead ON task (seq) WHERE status = 7;
        CREATE INDEX task_finished ON task (finished_at) WHERE status = 5 OR status = 6;

        CREATE TABLE attempt (
            task INTEGER NOT NULL,
            number INTEGER NOT NULL,
            worker TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            finished_at INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            error TEXT,
            PRIMARY KEY (task, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE idempotency_key (
            tenant TEXT NOT NULL,
            key TEXT NOT NULL,
            task BLOB NOT NULL,
            fingerprint INTEGER NOT NULL,
            made_at INTEGER NOT NULL,
            PRIMARY KEY (tenant, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX idempotency_key_age ON idempotency_key (made_at);

        CREATE TABLE paused_queue (queue TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        """

    /// What a task was promised when it was accepted, in microseconds; NULL in tasks that were promised nothing.
    private static let version2 = """
        ALTER TABLE task ADD COLUMN promise_us INTEGER;
        ALTER TABLE task ADD COLUMN estimate_us INTEGER;
        """
}
#endif
