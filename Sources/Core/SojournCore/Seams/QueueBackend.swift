public import SojournModel

/// What a backend can do, asked once at start.
public struct BackendCapabilities: Sendable, Hashable {
    /// The name people know it by.
    public var name: String
    /// Whether it is one database with the store, so that `finish` settles and `publish` only wakes.
    public var sharesStoreTransaction: Bool
    /// Most messages, leases or settlements in one call.
    public var batchMax: Int
    /// Longest payload, in bytes.
    public var payloadBytesMax: Int
    /// Longest delay it can keep; nil = any.
    public var delayMax: Duration?

    /// Capabilities from their parts.
    public init(
        name: String, sharesStoreTransaction: Bool, batchMax: Int = Limits.claimBatch,
        payloadBytesMax: Int = Limits.payloadBytes, delayMax: Duration? = nil
    ) {
        self.name = name
        self.sharesStoreTransaction = sharesStoreTransaction
        self.batchMax = batchMax
        self.payloadBytesMax = payloadBytesMax
        self.delayMax = delayMax
    }
}

/// How many tasks of one queue and priority are in which status.
public struct QueueDepth: Sendable, Hashable {
    /// The queue.
    public var queue: QueueName
    /// The priority.
    public var priority: Priority
    /// Tasks by status; a status without tasks may be missing.
    public var counts: [TaskStatus: Int]
    /// When the oldest waiting task became available, if any waits.
    public var oldestAvailableAt: Timestamp?

    /// A depth from its parts.
    public init(
        queue: QueueName, priority: Priority, counts: [TaskStatus: Int], oldestAvailableAt: Timestamp? = nil
    ) {
        self.queue = queue
        self.priority = priority
        self.counts = counts
        self.oldestAvailableAt = oldestAvailableAt
    }
}

/// The place in line of one task that waits for a worker, or did: what those who count the waiting have to know.
public struct Arrival: Sendable, Hashable {
    /// The queue.
    public var queue: QueueName
    /// When the task became available.
    public var availableAt: Timestamp

    /// A place from its parts.
    public init(queue: QueueName, availableAt: Timestamp) {
        self.queue = queue
        self.availableAt = availableAt
    }

    /// The place of a task that is available.
    public init(_ message: TaskMessage) { self.init(queue: message.queue, availableAt: message.availableAt) }
}

/// What one claim got.
public struct LeaseGrant: Sendable, Hashable {
    /// The tasks, each under a new lease.
    public var deliveries: [Delivery]
    /// Tasks that waited and were found past their deadline: they are dead now. Without their payloads.
    public var expired: [TaskMessage]
    /// Whether no task was found at all.
    public var isEmpty: Bool { deliveries.isEmpty && expired.isEmpty }

    /// A grant from its parts.
    public init(deliveries: [Delivery] = [], expired: [TaskMessage] = []) {
        self.deliveries = deliveries
        self.expired = expired
    }

    /// Adds what another look has found.
    package mutating func add(_ other: LeaseGrant) {
        deliveries += other.deliveries
        expired += other.expired
    }

    /// Whether a claim may look no further: it has what was asked for, or has found so many tasks past their deadline
    /// that it must say so, and let others have their turn.
    package func isEnough(for request: LeaseRequest) -> Bool {
        deliveries.count >= request.limit || expired.count >= Limits.claimBatch
    }
}

/// What one tick of a due-time duty did, and when there is something to do again.
public struct DutyProgress: Sendable, Hashable {
    /// The places in line of the tasks it made available.
    public var arrivals: [Arrival]
    /// When the next task is due, if one is known; in the past where the tick reached its limit.
    public var nextDue: Timestamp?
    /// Tasks it made available.
    public var moved: Int { arrivals.count }

    /// Progress from its parts.
    public init(arrivals: [Arrival] = [], nextDue: Timestamp?) {
        self.arrivals = arrivals
        self.nextDue = nextDue
    }
}

/// Moves tasks from producers to workers, at least once. Batch in, batch out: answer *i* belongs to input *i*.
///
/// Its conformance suite is the target `SojournConformance`; a backend is done when the suite is green.
public protocol QueueBackend: Sendable {
    /// What it can do.
    var capabilities: BackendCapabilities { get }
    /// Makes tasks available at their `availableAt`. Idempotent by task id.
    func publish(_ messages: [TaskMessage]) async throws(BackendError)
    /// Hands out at most `limit` tasks, each under a new lease, in the order of ``Dispatch``; waits for one if there is
    /// none. Where it finds only tasks past their deadline it says so at once.
    func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant
    /// Moves the end of leases to `duration` from now.
    func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus]
    /// Ends leases and does with each task what its settlement says; a lease that no longer holds changes nothing.
    func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus]
    /// Makes scheduled and retrying tasks whose time has come available.
    func promote(limit: Int) async throws(BackendError) -> DutyProgress
    /// Deliveries whose lease has ended, and when the next lease ends. They stay leased until they are settled.
    func expired(limit: Int) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?)
    /// When the oldest lease that has ended did so; nil where none has. Asked by whoever watches, twice a second.
    func oldestExpiry() async throws(BackendError) -> Timestamp?
    /// How many tasks are where.
    func depths() async throws(BackendError) -> [QueueDepth]
    /// Stops or resumes handing out the tasks of a queue.
    func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError)
    /// The queues that are paused.
    func pausedQueues() async throws(BackendError) -> Set<QueueName>
    /// Keeps connections and listeners alive until cancelled; returns at once where there are none.
    func run() async throws
}

extension QueueBackend {
    /// What ``expired(limit:)`` says of it.
    public func oldestExpiry() async throws(BackendError) -> Timestamp? {
        try await expired(limit: 1).deliveries.first?.lease.expiresAt
    }
}
