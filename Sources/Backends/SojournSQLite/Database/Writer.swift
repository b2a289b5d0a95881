#if SQLite
import SojournCore
import SojournModel

/// A task that is leased now.
struct Held {
    var seq: Int64
    var lane: Int64
    var message: TaskMessage
    var token: LeaseToken
    var until: Timestamp
    var worker: String
    var startedAt: Timestamp
    var isCancelRequested: Bool

    var lease: Lease { Lease(task: message.id, token: token, expiresAt: until) }
    var delivery: Delivery { Delivery(message: message, lease: lease) }
}

/// Everything that only the writing thread touches: the connection, its statements, and mirrors of two small parts of
/// the database.
///
/// The mirrors (`lanes`, `held`) are what makes claiming, heartbeats and fencing cheap: the process is the only owner
/// of the file, so memory cannot disagree with it. A rollback restores them.
struct Writer {
    let connection: OpaquePointer
    let statements: HotStatements
    var lanes: LaneTable
    private(set) var held: [TaskID: Held]
    /// What `held` was before the running transaction, newest change last.
    private var undo: [(id: TaskID, before: Held?)] = []
    var paused: Set<QueueName>
    var dispatch = Dispatch()
    var nextSeq: Int64
    private var isFull = false
    private var isClosed = false

    /// Takes over an open, migrated database. Leases of workers that lived in the process which is gone end at once;
    /// those of other workers start anew, because nobody could extend them while no server ran.
    init(connection: OpaquePointer, now: Timestamp) throws(BackendError) {
        self.connection = connection
        let statements = try HotStatements(on: connection)
        self.statements = statements
        do throws(BackendError) {
            self.lanes = try LaneTable.load(on: connection)
            self.held = try Self.loadHeld(on: connection, lanes: lanes, now: now)
            self.paused = try Self.loadPaused(on: connection)
            self.nextSeq = try Self.loadNextSeq(on: connection)
        } catch {
            statements.finalize()
            throw error
        }
    }

    /// Frees the statements and moves what is in the log into the file. The pool closes its reading connections last,
    /// and those cannot do it. A second time does nothing: the connection is gone then.
    mutating func close() {
        guard !isClosed else { return }
        isClosed = true
        statements.finalize()
        try? execute("PRAGMA wal_checkpoint(TRUNCATE)", on: connection)
    }

    /// Notes that a task is leased, or no longer (nil).
    mutating func hold(_ id: TaskID, _ value: Held?) {
        undo.append((id, held[id]))
        held[id] = value
    }

    // MARK: Transactions

    mutating func begin(_ durability: GroupCommitter.Durability) throws(BackendError) {
        try setSynchronous(full: durability == .power)
        try execute("BEGIN IMMEDIATE", on: connection)
    }

    mutating func commit() throws(BackendError) {
        try lanes.flush(with: statements.updateLane)
        try statements.commit.run()
        undo.removeAll(keepingCapacity: true)
    }

    /// Undoes the transaction, in the database and in the mirrors.
    mutating func rollBack() throws(BackendError) {
        // SQLite rolls back by itself after some errors; then there is nothing to undo.
        try? execute("ROLLBACK", on: connection)
        for change in undo.reversed() { held[change.id] = change.before }
        undo.removeAll()
        lanes = try LaneTable.load(on: connection)
        paused = try Self.loadPaused(on: connection)
        nextSeq = try Self.loadNextSeq(on: connection)
    }

    /// GRDB's pool sets `synchronous` to NORMAL when it opens, so FULL is never taken for granted: it is set and read
    /// back whenever it was something else before a commit that has to survive a power cut (D3).
    private mutating func setSynchronous(full: Bool) throws(BackendError) {
        guard full != isFull else { return }
        try execute("PRAGMA synchronous = \(full ? "FULL" : "NORMAL")", on: connection)
        let pragma = try Statement("PRAGMA synchronous", on: connection)
        defer { pragma.finalize() }
        guard try pragma.next(), pragma.int(0) == (full ? 2 : 1) else {
            throw BackendError(.closed, "SQLite does not accept synchronous = FULL.")
        }
        isFull = full
    }

    // MARK: Mirrors

    private static func loadHeld(
        on connection: OpaquePointer, lanes: LaneTable, now: Timestamp
    ) throws(BackendError) -> [TaskID: Held] {
        var held: [TaskID: Held] = [:]
        let select = try Statement(
            """
            SELECT \(MessageColumns.sql), seq, token, lease_us, worker, attempt_started_at, cancel_requested, is_local,
                payload
            FROM task INDEXED BY task_running WHERE status = 3
            """, on: connection)
        defer { select.finalize() }
        while try select.next() {
            guard let entry = lanes.entries[select.int64(MessageColumns.lane)] else { continue }
            let message = MessageColumns.message(
                select, key: entry.key, payload: select.bytes(MessageColumns.count + 7) ?? [])
            let next = MessageColumns.count
            let lease = select.int64(next + 6) == 1 ? Duration.zero : .microseconds(select.int64(next + 2))
            held[message.id] = Held(
                seq: select.int64(next), lane: select.int64(MessageColumns.lane), message: message,
                token: select.token(next + 1) ?? LeaseToken(high: 0, low: 0), until: now.advanced(by: lease),
                worker: select.text(next + 3) ?? "", startedAt: select.timestamp(next + 4),
                isCancelRequested: select.int(next + 5) == 1)
        }
        return held
    }

    private static func loadPaused(on connection: OpaquePointer) throws(BackendError) -> Set<QueueName> {
        var paused: Set<QueueName> = []
        let select = try Statement("SELECT queue FROM paused_queue", on: connection)
        defer { select.finalize() }
        while try select.next() { paused.insert(QueueName(trusted: select.text(0) ?? "")) }
        return paused
    }

    private static func loadNextSeq(on connection: OpaquePointer) throws(BackendError) -> Int64 {
        let select = try Statement("SELECT COALESCE(MAX(seq), 0) + 1 FROM task", on: connection)
        defer { select.finalize() }
        return try select.next() ? select.int64(0) : 1
    }
}
#endif
