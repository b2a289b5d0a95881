#if Postgres
import PQ
public import SojournCore
public import SojournModel
import Synchronization

/// Store and backend on Postgres: the record of a task, its attempts, idempotency and place in line, each step one
/// statement and so all or nothing.
///
/// The database's clock decides about instants. Any number of processes may use one database, also through a PgBouncer
/// in transaction mode; the schema must be there (``PostgresMigrations``).
public final class PostgresQueue: Sendable {
    let database: Database
    let time: any TimeSource
    let lines = LineBook()
    let dispatch = Mutex(Dispatch())
    let notices: Notices
    /// Names the leases that end with this process.
    let origin: String
    /// After which time a claim that waits looks by itself: a notice is lost where a process dies between the commit of
    /// its tasks and telling, or an application does not tell.
    private static let lookAgain: Duration = .seconds(5)
    let inserts = Coalescer<NewTask, InsertResult>(batchMax: 1_000, lanes: 2)

    init(_ database: Database, time: any TimeSource) {
        self.database = database
        self.time = time
        var random = SystemRandomNumberGenerator()
        origin = LeaseToken(random: &random).description
        notices = Notices(origin: origin, time: time)
    }

    /// Ends the leases of workers that end with this process, so that nobody has to wait for them to run out, and wakes
    /// the claims that wait. After a crash they end by themselves, as those of other workers do.
    public func close() async throws(BackendError) {
        notices.list.wakeAll()
        _ = try await database.run(database.sql.endLocal, [database.now, .text(origin)])
    }
}

extension PostgresQueue: QueueBackend {
    /// What Postgres can do.
    public var capabilities: BackendCapabilities { BackendCapabilities(name: "postgres", sharesStoreTransaction: true) }

    /// Nothing: `insert` and `replay` have made the tasks available and woken those who wait.
    public func publish(_ messages: [TaskMessage]) async throws(BackendError) {}

    /// Hands out tasks; waits for one if there is none. Where all it finds are past their deadline it says so at once.
    public func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        try await notices.list.claim(request, lookAgain: { notices.isHeard ? Self.lookAgain : .seconds(1) }) {
            () throws(BackendError) in try await claim(request)
        }
    }

    /// What time it is by the database's clock, for ``SojournCore/StoreTime``.
    public func clock() async throws(BackendError) -> Timestamp {
        let result = try await database.run("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::int8")
        return try database.read { () throws(PQError) in try result.timestamp(0, 0) }
    }

    /// Changes nothing: `finish` has ended the leases.
    public func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus] {
        settlements.map { _ in .settled }
    }

    /// Stops or resumes handing out the tasks of a queue; kept by Postgres.
    public func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        _ = try await database.run(isPaused ? database.sql.pause : database.sql.resume, [.text(queue.rawValue)])
        if !isPaused { await notices.resumed(queue, through: database) }
    }

    /// The queues that are paused.
    public func pausedQueues() async throws(BackendError) -> Set<QueueName> {
        let rows = try await database.run(database.sql.paused)
        return try database.read {
            () throws(PQError) in
            var names: Set<QueueName> = []
            for row in 0..<rows.rowCount { names.insert(QueueName(trusted: try rows.text(row, 0))) }
            return names
        }
    }

    /// Listens to what other processes make available, and keeps the counts short, until cancelled.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.notices.listen(to: self.database) }
            group.addTask { try await self.fold() }
            try await group.allOrFirstFailure()
        }
    }
}
#endif
