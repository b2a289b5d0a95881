public import SojournModel

/// A task to be accepted.
public struct NewTask: Sendable, Hashable {
    /// The task.
    public var message: TaskMessage
    /// At most one task exists per (tenant, key) while the key is remembered.
    public var idempotencyKey: String?
    /// What the request was, so that the same key with another request is refused.
    public var fingerprint: UInt64
    /// Words to find it by.
    public var tags: [String]

    /// A new task. Without a fingerprint, one of type, queue, priority and payload stands in.
    public init(
        message: TaskMessage, idempotencyKey: String? = nil, fingerprint: UInt64? = nil, tags: [String] = []
    ) {
        self.message = message
        self.idempotencyKey = idempotencyKey
        self.tags = tags
        self.fingerprint = fingerprint ?? Self.fingerprint(of: message)
    }

    private static func fingerprint(of message: TaskMessage) -> UInt64 {
        var print = Fingerprint()
        print.add(message.type.rawValue.utf8)
        print.add(message.queue.rawValue.utf8)
        print.add(message.priority.name.utf8)
        print.add(message.payload)
        return print.value
    }
}

/// What became of one task in an insert.
public enum InsertResult: Sendable, Hashable {
    /// It is durable.
    case inserted(TaskID)
    /// Its idempotency key belongs to that task, which came from the same request.
    case duplicate(of: TaskID)
    /// Its idempotency key belongs to that task, which came from another request.
    case conflict(with: TaskID)
}

/// Whether a delivery shall run.
public enum BeginResult: Sendable, Hashable {
    /// Yes.
    case run
    /// No: the task is in that status (or unknown: nil); the backend's copy of it is stale.
    case skip(TaskStatus?)
}

/// One attempt as it is remembered.
public struct AttemptRecord: Sendable, Hashable {
    /// 1 is the first.
    public var number: Int
    /// Who ran it.
    public var worker: String
    /// When its handler started.
    public var startedAt: Timestamp
    /// When it ended; nil while it runs.
    public var finishedAt: Timestamp?
    /// The word for how it ended (``Outcome/name``); nil while it runs.
    public var outcome: String?
    /// What went wrong.
    public var error: String?

    /// An attempt from its parts.
    public init(
        number: Int, worker: String, startedAt: Timestamp, finishedAt: Timestamp? = nil, outcome: String? = nil,
        error: String? = nil
    ) {
        self.number = number
        self.worker = worker
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.outcome = outcome
        self.error = error
    }
}

/// Everything that is known about a task.
public struct TaskRecord: Sendable, Hashable {
    /// The task itself.
    public var message: TaskMessage
    /// Where it is in its life.
    public var status: TaskStatus
    /// Its attempts, oldest first, the running one last. Empty in listings.
    public var attempts: [AttemptRecord]
    /// When its first attempt started.
    public var startedAt: Timestamp?
    /// When it reached its final status.
    public var finishedAt: Timestamp?
    /// What its handler handed back.
    public var result: [UInt8]?
    /// What the last failed attempt said.
    public var lastError: String?
    /// Why it is dead.
    public var deadReason: DeadReason?
    /// Words to find it by.
    public var tags: [String]
    /// Whether somebody asked to stop it while it runs.
    public var isCancelRequested: Bool
    /// How long it waited, from when it became available to the start of its first attempt.
    public var waited: Duration?

    /// A record from its parts.
    public init(
        message: TaskMessage, status: TaskStatus, attempts: [AttemptRecord] = [], startedAt: Timestamp? = nil,
        finishedAt: Timestamp? = nil, result: [UInt8]? = nil, lastError: String? = nil, deadReason: DeadReason? = nil,
        tags: [String] = [], isCancelRequested: Bool = false, waited: Duration? = nil
    ) {
        self.message = message
        self.status = status
        self.attempts = attempts
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.result = result
        self.lastError = lastError
        self.deadReason = deadReason
        self.tags = tags
        self.isCancelRequested = isCancelRequested
        self.waited = waited
    }
}
