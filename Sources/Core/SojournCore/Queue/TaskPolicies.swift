public import SojournModel

/// What holds for a task that does not say otherwise.
public struct TaskPolicies: Sendable {
    /// Retries of a task whose queue has no number of its own.
    public var maxRetries: Int
    /// When to retry.
    public var retry: RetryPolicy
    /// Retries by queue.
    public var maxRetriesByQueue: [QueueName: Int]
    /// Retries by type; they win over those of the queue.
    public var maxRetriesByType: [TaskType: Int]

    /// Policies; three retries with exponential backoff unless said otherwise.
    public init(
        maxRetries: Int = 3, retry: RetryPolicy = RetryPolicy(), maxRetriesByQueue: [QueueName: Int] = [:],
        maxRetriesByType: [TaskType: Int] = [:]
    ) {
        self.maxRetries = maxRetries
        self.retry = retry
        self.maxRetriesByQueue = maxRetriesByQueue
        self.maxRetriesByType = maxRetriesByType
    }

    /// The retries that `message` has: its own, else its type's, else its queue's, else the default.
    public func maxRetries(of message: TaskMessage) -> Int {
        message.maxRetries ?? maxRetriesByType[message.type] ?? maxRetriesByQueue[message.queue] ?? maxRetries
    }

    /// What a verdict on `message`'s current attempt needs to know.
    public func facts(of message: TaskMessage) -> AttemptFacts {
        AttemptFacts(
            attempt: message.attempt - message.attemptsBeforeReplay,
            maxRetries: maxRetries(of: message),
            retry: message.retry ?? retry,
            crashes: message.crashes,
            deadline: message.deadline
        )
    }
}
