/// What one queue promises and what it may cost.
public struct QueueSettings: Sendable, Equatable {
    /// λ: tasks per second that the contract allows for, above 0 up to 1,000,000; nil where only measurement tells.
    public var arrivalRate: Double?
    /// W: longest wait before a task starts; nil where the queue promises nothing.
    public var sla: Duration?
    /// Share of the tasks that must start within ``sla``, in percent, 50 to 99.999.
    public var slaPercentile: Double
    /// Tasks that one worker process runs at once, 1 to 10,000.
    public var tasksPerWorker: Int
    /// Share of L = λ·W at which capacity is added, 0.01 to 1.
    public var scaleThreshold: Double
    /// Retries after the first attempt, 0 to 1,000.
    public var maxRetries: Int
    /// Fewest workers, 0 to 10,000; never above ``maxWorkers``.
    public var minWorkers: Int
    /// Most workers, 1 to 10,000.
    public var maxWorkers: Int
    /// What happens to a task that could not start within ``sla``.
    public var overflow: OverflowPolicy
}

/// What happens to a task that arrives when its queue cannot start it within the SLA.
public enum OverflowPolicy: String, Sendable, CaseIterable {
    /// It is taken, and waits as long as it must.
    case accept
    /// It is taken, behind every task that still meets the SLA.
    case demote
    /// It is refused with the time after which to ask again.
    case reject
}
