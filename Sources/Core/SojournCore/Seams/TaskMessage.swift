public import SojournModel

/// A task as it travels: enough to run it and to judge its attempt, small enough to batch.
public struct TaskMessage: Sendable, Hashable {
    /// Which task.
    public var id: TaskID
    /// Which handler runs it.
    public var type: TaskType
    /// Where it waits.
    public var queue: QueueName
    /// Whose it is.
    public var tenant: Tenant
    /// How urgent it is.
    public var priority: Priority
    /// Its arguments; opaque here.
    public var payload: [UInt8]
    /// How many retries may follow the first attempt; nil = what its queue says when it fails.
    public var maxRetries: Int?
    /// When to retry; nil = what the server says when it fails.
    public var retry: RetryPolicy?
    /// How long one attempt may run; nil = as long as its worker allows.
    public var timeout: Duration?
    /// No attempt starts after this instant.
    public var deadline: Timestamp?
    /// When it was accepted.
    public var enqueuedAt: Timestamp
    /// When it may start, and where it stands in its lane.
    public var availableAt: Timestamp
    /// W3C trace context of who enqueued it.
    public var traceparent: String?
    /// Attempts so far, this one included; counts on after a replay.
    public var attempt: Int
    /// Attempts that were spent before the last replay.
    public var attemptsBeforeReplay: Int
    /// How often its lease ran out.
    public var crashes: Int
    /// What its queue promised when it was accepted, if it did. Stays with the record; no worker needs it.
    public var promise: StartPromise?

    /// A new task that may start at once, with an identifier of its own.
    public init(type: TaskType, queue: QueueName = .default, payload: [UInt8], now: Timestamp) {
        var random = SystemRandomNumberGenerator()
        self.init(
            id: TaskID(at: now, random: &random), type: type, queue: queue, payload: payload, enqueuedAt: now,
            availableAt: now)
    }

    /// A task; everything but its identity, type and times has a default.
    public init(
        id: TaskID, type: TaskType, queue: QueueName = .default, tenant: Tenant = .default,
        priority: Priority = .default, payload: [UInt8], maxRetries: Int? = nil, retry: RetryPolicy? = nil,
        timeout: Duration? = nil, deadline: Timestamp? = nil, enqueuedAt: Timestamp, availableAt: Timestamp,
        traceparent: String? = nil, attempt: Int = 0, attemptsBeforeReplay: Int = 0, crashes: Int = 0,
        promise: StartPromise? = nil
    ) {
        self.id = id
        self.type = type
        self.queue = queue
        self.tenant = tenant
        self.priority = priority
        self.payload = payload
        self.maxRetries = maxRetries
        self.retry = retry
        self.timeout = timeout
        self.deadline = deadline
        self.enqueuedAt = enqueuedAt
        self.availableAt = availableAt
        self.traceparent = traceparent
        self.attempt = attempt
        self.attemptsBeforeReplay = attemptsBeforeReplay
        self.crashes = crashes
        self.promise = promise
    }

    /// Whether it shall start later than it was accepted: then it is scheduled first, however soon it is due, so that
    /// everybody who counts it agrees.
    public var isDelayed: Bool { availableAt > enqueuedAt }

    /// The same task where nobody will run it.
    package var withoutPayload: TaskMessage {
        var message = self
        message.payload = []
        return message
    }

    /// The lane it waits in.
    public var lane: Lane { Lane(queue: queue, tenant: tenant, priority: priority) }
}

/// What one task was promised when it was accepted.
public struct StartPromise: Sendable, Hashable {
    /// How long it may wait, from when it is available to its start.
    public var within: Duration
    /// The bound of its wait that was quoted then; nil where none was known.
    public var estimate: Duration?

    /// A promise from its parts.
    public init(within: Duration, estimate: Duration? = nil) {
        self.within = within
        self.estimate = estimate
    }
}

/// Proof that its holder, and nobody else, may settle one delivery; it fences every later write.
public struct Lease: Sendable, Hashable {
    /// Which task.
    public let task: TaskID
    /// The token of this hand-out.
    public let token: LeaseToken
    /// When the lease ends unless it is extended.
    public let expiresAt: Timestamp

    /// A lease from its parts.
    public init(task: TaskID, token: LeaseToken, expiresAt: Timestamp) {
        self.task = task
        self.token = token
        self.expiresAt = expiresAt
    }
}

/// A task together with the lease under which it was handed out.
public struct Delivery: Sendable, Hashable {
    /// The task.
    public var message: TaskMessage
    /// The lease.
    public let lease: Lease

    /// A delivery from its parts.
    public init(message: TaskMessage, lease: Lease) {
        self.message = message
        self.lease = lease
    }
}

/// What a worker asks for.
public struct LeaseRequest: Sendable, Hashable {
    /// The queues it serves; empty = all of them.
    public var queues: [QueueName]
    /// The types it can run; nil = any.
    public var types: Set<TaskType>?
    /// How many attempts it can start now.
    public var limit: Int
    /// How long the leases shall last.
    public var duration: Duration
    /// How long to wait for a task if there is none.
    public var wait: Duration
    /// Who asks; shown with the attempts.
    public var worker: String
    /// How many attempts it can run at once altogether; nil where it does not say.
    public var slots: Int?
    /// Whether the worker lives and dies with the store's own process, so that a restart proves it gone.
    public var isLocal: Bool
    /// What the queues promise, so that the right task goes first (``Dispatch``); a queue that is missing promises
    /// nothing. The server fills it in: a worker need not know.
    public var promises: [QueueName: LeasePromise]

    /// A request; limit, lease and wait are brought within ``Limits``.
    public init(
        queues: [QueueName] = [], types: Set<TaskType>? = nil, limit: Int, duration: Duration = .seconds(60),
        wait: Duration = .zero, worker: String = "", slots: Int? = nil, isLocal: Bool = false,
        promises: [QueueName: LeasePromise] = [:]
    ) {
        self.queues = queues
        self.types = types
        self.limit = min(max(0, limit), Limits.claimBatch)
        self.duration = duration.clamped(to: Limits.lease)
        self.wait = wait.clamped(to: .zero...Limits.claimWait)
        self.worker = worker
        self.slots = slots.map { min(max(1, $0), Limits.concurrency) }
        self.isLocal = isLocal
        self.promises = promises
    }
}
