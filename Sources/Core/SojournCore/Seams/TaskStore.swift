public import SojournModel

/// Which tasks a listing, replay or purge is about. All conditions must hold.
public struct TaskFilter: Sendable, Hashable {
    /// Only tasks of that queue.
    public var queue: QueueName?
    /// Only tasks in that status.
    public var status: TaskStatus?
    /// Only tasks of that type.
    public var type: TaskType?
    /// Only tasks of that tenant.
    public var tenant: Tenant?
    /// Only tasks with that tag.
    public var tag: String?
    /// Only tasks whose last error contains this text.
    public var error: String?
    /// Only tasks that ended before.
    public var finishedBefore: Timestamp?
    /// Only these tasks.
    public var ids: [TaskID]?

    /// A filter; without conditions it matches every task.
    public init(
        queue: QueueName? = nil, status: TaskStatus? = nil, type: TaskType? = nil, tenant: Tenant? = nil,
        tag: String? = nil, error: String? = nil, finishedBefore: Timestamp? = nil, ids: [TaskID]? = nil
    ) {
        self.queue = queue
        self.status = status
        self.type = type
        self.tenant = tenant
        self.tag = tag
        self.error = error
        self.finishedBefore = finishedBefore
        self.ids = ids
    }
}

/// A part of a listing.
public struct TaskPage: Sendable, Hashable {
    /// Newest first. May be shorter than asked for while a cursor follows: a page looks at
    /// ``Limits/pageScan`` records at most.
    public var tasks: [TaskRecord]
    /// Where the next page begins; nil at the end.
    public var cursor: String?

    /// A page from its parts.
    public init(tasks: [TaskRecord], cursor: String? = nil) {
        self.tasks = tasks
        self.cursor = cursor
    }
}

/// What became of a wish to cancel a task.
public enum CancelResult: Sendable, Hashable {
    /// It was not running, and is cancelled; with its place in line if it waited for a worker, nil if its time had not
    /// come.
    case cancelled(waiting: Arrival?)
    /// It runs; its handler is told at its next heartbeat.
    case requested
    /// It was over before, with that status.
    case final(TaskStatus)
    /// There is no such task.
    case unknown
}

/// The durable truth about tasks: records, attempts, idempotency keys. Never delivers; see ``QueueBackend``.
public protocol TaskStore: Sendable {
    /// Accepts tasks, all or none; durable when it returns. A conflict refuses its task and no other.
    ///
    /// - Parameter room: How many tasks may wait in a queue once these are in, whoever else inserts meanwhile; a queue
    ///   that is missing takes any number. All but those that are delayed count, known ones too.
    /// - Throws: ``BackendError/Code/throttled`` where a queue has less room; then none was taken.
    func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult]
    /// The task that the idempotency key of each of `tasks` belongs to; nil where it has none, or one that is unknown.
    func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?]
    /// Says of each delivery whether it shall run, and remembers that it does.
    func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult]
    /// Writes attempts and new statuses, fenced by the leases; durable when it returns. A result of
    /// ``Outcome/leaseExpired`` takes effect only if the lease has still not been extended.
    func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus]
    /// Tasks whose message the backend may have missed, for the outbox relay.
    func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage]
    /// The deliveries that these leases stand for; nil where a lease no longer holds.
    func deliveries(of leases: [(task: TaskID, token: LeaseToken)]) async throws(BackendError) -> [Delivery?]
    /// One task with its attempts.
    func task(_ id: TaskID) async throws(BackendError) -> TaskRecord?
    /// A listing, newest first, without attempts.
    func tasks(matching filter: TaskFilter, limit: Int, cursor: String?) async throws(BackendError) -> TaskPage
    /// Stops tasks that wait, and asks for those that run.
    func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult]
    /// Puts dead letters back with a new budget of attempts, oldest first; the messages to publish.
    func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage]
    /// Deletes dead letters.
    func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int
    /// Deletes tasks that finished, and forgets idempotency keys that were made, before these instants.
    func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int
}

extension TaskStore {
    /// Accepts tasks, however many wait.
    public func insert(_ tasks: [NewTask]) async throws(BackendError) -> [InsertResult] {
        try await insert(tasks, room: [:])
    }
}

extension Collection<NewTask> {
    /// Refuses what no store takes; before it meets the tasks of others, which must not suffer for it.
    ///
    /// - Throws: ``BackendError/Code/rejected`` where a payload is longer than ``Limits/payloadBytes``.
    package func checkPayloads() throws(BackendError) {
        for task in self where task.message.payload.count > Limits.payloadBytes {
            throw BackendError(
                .rejected,
                "payload has \(task.message.payload.count) bytes; at most \(Limits.payloadBytes) are allowed.")
        }
    }
}

extension BackendError {
    /// Others have filled `queue` since there was room. Whoever promises anything knows when to try again.
    package static func noRoom(in queue: QueueName) -> BackendError {
        BackendError(.throttled, "Queue \(queue) has no room left.")
    }
}

/// What retention deletes.
public struct RetentionCutoffs: Sendable, Hashable {
    /// Succeeded and cancelled tasks that finished before.
    public var finished: Timestamp
    /// Dead letters that died before; nil keeps them all.
    public var dead: Timestamp?
    /// Idempotency keys made before.
    public var keys: Timestamp

    /// Cutoffs from their parts.
    public init(finished: Timestamp, dead: Timestamp?, keys: Timestamp) {
        self.finished = finished
        self.dead = dead
        self.keys = keys
    }
}
