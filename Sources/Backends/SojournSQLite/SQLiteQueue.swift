#if SQLite
import GRDB
public import SojournCore
public import SojournModel

/// Store and backend in one SQLite file: everything a single machine needs.
///
/// One process owns the data folder, one thread writes, and what callers ask for at the same time is committed
/// together. An accepted task and a finished attempt are on the disk (`synchronous = FULL`) before the call returns;
/// a lease survives the crash of the process, not a power cut, because a lost lease is only a rerun.
public final class SQLiteQueue: TaskStore, QueueBackend {
    let pool: DatabasePool
    let committer: GroupCommitter
    private let folder: DataFolder
    let time: any TimeSource
    private let waitList: WaitList

    /// Opens, and creates where it is missing, the database in `folder`.
    ///
    /// - Throws: ``BackendError`` where another process has the folder, the disk refuses, the file is damaged, or it
    ///   was written by a newer version.
    public init(folder path: String, time: any TimeSource = SystemTime()) throws(BackendError) {
        self.folder = try DataFolder(path)
        self.time = time
        self.waitList = WaitList(time: time)
        self.pool = try Opening.open(folder.database)
        self.committer = try Opening.committer(for: pool, in: folder, now: time.now())
    }

    /// Frees the database; every later call fails. Waits for the transaction that is running. A second time does
    /// nothing.
    public func close() {
        waitList.wakeAll()
        committer.close()
        try? pool.close()
        folder.release()
    }

    // MARK: Backend

    /// What SQLite can do.
    public var capabilities: BackendCapabilities { BackendCapabilities(name: "sqlite", sharesStoreTransaction: true) }

    /// Wakes waiting workers; the tasks are in the store already.
    public func publish(_ messages: [TaskMessage]) async throws(BackendError) {
        let now = time.now()
        var gained: [Line: Int] = [:]
        for message in messages where message.availableAt <= now {
            gained[Line(queue: message.queue, type: message.type), default: 0] += 1
        }
        wake(gained)
    }

    /// Hands out tasks; waits for one if there is none. Where all it finds are past their deadline it says so at once.
    public func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        try await waitList.claim(request) { () throws(BackendError) in try await claim(request) }
    }

    private func claim(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        let time = self.time
        return try await committer.submit(.process, weight: request.limit) { writer throws(BackendError) in
            try writer.claim(request, now: time.now())
        }
    }

    /// Moves the end of leases.
    public func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        let time = self.time
        return try await committer.submit(.process) { writer throws(BackendError) in
            writer.extend(leases, by: duration.clamped(to: Limits.lease), now: time.now())
        }
    }

    /// Nothing: `finish` released the leases. Wakes workers for tasks that went back.
    public func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus] {
        let now = time.now()
        let released = settlements.count { settlement in
            if case .release(let at) = settlement.disposition { return at <= now }
            return false
        }
        if released > 0 { waitList.wakeAll() }
        return settlements.map { _ in .settled }
    }

    /// Makes due tasks available.
    public func promote(limit: Int) async throws(BackendError) -> DutyProgress {
        let (progress, promoted) = try await promoteHinting(limit: limit)
        wake(promoted.reduce(into: [:]) { $0[Line($1.line), default: 0] += 1 })
        return progress
    }

    /// Deliveries whose lease has ended.
    public func expired(
        limit: Int
    ) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        let time = self.time
        return try await committer.submit(.process) { writer throws(BackendError) in
            writer.expired(limit: limit, now: time.now())
        }
    }

    /// How many tasks are where.
    public func depths() async throws(BackendError) -> [QueueDepth] {
        try await read { connection throws(BackendError) in try DepthReader(connection: connection).depths() }
    }

    /// Stops or resumes handing out the tasks of a queue; durable.
    public func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        try await committer.submit(.power) { writer throws(BackendError) in try writer.setPaused(queue, isPaused) }
        if !isPaused { waitList.wake(queue, count: .max) }
    }

    /// The queues that are paused.
    public func pausedQueues() async throws(BackendError) -> Set<QueueName> {
        try await committer.submit(.process) { writer throws(BackendError) in writer.paused }
    }

    /// Checks a file that was too large to check at start, and then watches the disk until cancelled; throws where the
    /// file is damaged, or where the disk has failed and only opening it anew can tell what it holds.
    public func run() async throws {
        let isLarge = Opening.size(of: folder.database) > Opening.checkedAtStart
        try await withThrowingTaskGroup(of: Void.self) { group in
            if isLarge { group.addTask { try await Opening.check(self.pool) } }
            group.addTask { try await self.committer.untilStopped() }
            try await group.allOrFirstFailure()
        }
    }

    private func wake(_ gained: [Line: Int]) {
        for (line, count) in gained { waitList.wake(line.queue, type: line.type, count: count) }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (OpaquePointer) throws(BackendError) -> Value
    ) async throws(BackendError) -> Value {
        do {
            return try await pool.read { db in
                guard let connection = db.sqliteConnection else {
                    throw BackendError(.closed, "The database was closed.")
                }
                return try body(connection)
            }
        } catch let error as BackendError {
            throw error
        } catch {
            throw BackendError(.unavailable, "The database cannot be read.", cause: error)
        }
    }

    func write<Value: Sendable>(
        weight: Int = 1, _ body: @escaping @Sendable (inout Writer, Timestamp) throws(BackendError) -> Value
    ) async throws(BackendError) -> Value {
        let time = self.time
        return try await committer.submit(.power, weight: weight) { writer throws(BackendError) in
            try body(&writer, time.now())
        }
    }
}
#endif
