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
    /// Longest time of one attempt of a task whose queue has none of its own; nil = no limit.
    public var timeout: Duration?
    /// Longest time of one attempt, by queue.
    public var timeoutByQueue: [QueueName: Duration]

    /// Policies; three retries with exponential backoff and no time limit unless said otherwise.
    public init(
        maxRetries: Int = 3, retry: RetryPolicy = RetryPolicy(), maxRetriesByQueue: [QueueName: Int] = [:],
        maxRetriesByType: [TaskType: Int] = [:], timeout: Duration? = nil, timeoutByQueue: [QueueName: Duration] = [:]
    ) {
        self.maxRetries = maxRetries
        self.retry = retry
        self.maxRetriesByQueue = maxRetriesByQueue
        self.maxRetriesByType = maxRetriesByType
        self.timeout = timeout
        self.timeoutByQueue = timeoutByQueue
    }

    /// The retries that `message` has: its own, else its type's, else its queue's, else the default.
    public func maxRetries(of message: TaskMessage) -> Int {
        message.maxRetries ?? maxRetriesByType[message.type] ?? maxRetriesByQueue[message.queue] ?? maxRetries
    }

    /// Gives those that have no time limit of their own that of their queue, else the default.
    func limitTimes(of deliveries: inout [Delivery]) {
        if timeout == nil, timeoutByQueue.isEmpty { return }
        for place in deliveries.indices where deliveries[place].message.timeout == nil {
            deliveries[place].message.timeout = timeoutByQueue[deliveries[place].message.queue] ?? timeout
        }
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
