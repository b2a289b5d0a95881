public import Logging
public import SojournModel

/// What a handler may know about the attempt it makes.
public struct TaskContext: Sendable {
    /// The task's identifier; the same in every attempt, so it serves as an idempotency key towards others.
    public let id: TaskID
    /// The task's type.
    public let type: TaskType
    /// The queue it came from.
    public let queue: QueueName
    /// Whose it is.
    public let tenant: Tenant
    /// Which attempt this is, from 1.
    public let attempt: Int
    /// When the task was accepted.
    public let enqueuedAt: Timestamp
    /// When the attempt will be stopped for taking too long; nil = never.
    public let timeLimit: Timestamp?
    /// W3C trace context to hand on: that of who enqueued the task, or of this attempt where attempts are traced.
    public var traceparent: String?
    private let baseLogger: Logger

    /// The context of one delivery.
    public init(_ message: TaskMessage, timeLimit: Timestamp? = nil, logger: Logger) {
        self.id = message.id
        self.type = message.type
        self.queue = message.queue
        self.tenant = message.tenant
        self.attempt = message.attempt
        self.enqueuedAt = message.enqueuedAt
        self.timeLimit = timeLimit
        self.traceparent = message.traceparent
        self.baseLogger = logger
    }

    /// A logger that says which attempt speaks. Made when asked for: most attempts log nothing.
    public var logger: Logger {
        var logger = baseLogger
        logger[metadataKey: "task_id"] = "\(id)"
        logger[metadataKey: "type"] = "\(type)"
        logger[metadataKey: "queue"] = "\(queue)"
        logger[metadataKey: "attempt"] = "\(attempt)"
        // version-trace-parent-flags
        if let parts = traceparent?.split(separator: "-"), parts.count >= 4 {
            logger[metadataKey: "trace_id"] = "\(parts[1])"
        }
        return logger
    }
}
