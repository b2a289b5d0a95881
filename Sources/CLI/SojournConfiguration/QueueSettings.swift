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
    /// Longest time of one attempt of a task that has no limit of its own, 0.001 s to ten years; nil = none.
    public var timeout: Duration?
    /// Fewest workers, 0 to 10,000; never above ``maxWorkers``.
    public var minWorkers: Int
    /// Most workers, 1 to 10,000.
    public var maxWorkers: Int
    /// What happens to a task that could not start within ``sla``.
    public var overflow: OverflowPolicy
    /// Whether every task that is taken must start in time.
    public var isHard: Bool
    /// Slots that may be lost within ``sla`` while a hard promise still holds, 0 to 10,000.
    public var crashes: Int
    /// Mean time of one attempt to believe in before tasks have been seen.
    public var serviceTime: Duration
    /// Longest time of one attempt.
    public var serviceMax: Duration
    /// Time from the launch of a worker to its first claim to believe in before it was measured.
    public var startup: Duration
    /// Step of the arrival rate that standing workers shall cover without notice, 0 to 1,000; 0 = none.
    public var burstFactor: Double
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

/// What is scaled so that promises are kept.
public enum AutoscaleTarget: String, Sendable, CaseIterable {
    /// Nothing.
    case off
    /// Worker processes that this server starts and stops, for each queue with a promise.
    case processes
    /// The attempts at once of this process.
    case slots
    /// Nothing, but what would be done is told.
    case dryRun = "dry-run"
}

/// The rules that may decide how many workers there are; *The promise* compares them.
public enum AutoscalePolicy: String, Sendable, CaseIterable {
    /// Demand bound, staffing for the tail, and hysteresis: the rule that keeps promises.
    case foresight
    /// The older rule: depth against L = λ·W.
    case littleq
    /// Waiting tasks per worker.
    case keda
    /// The share of busy slots, as the Horizontal Pod Autoscaler does with CPU.
    case hpaCPU = "hpa-cpu"
    /// Backlog per instance.
    case awsBacklog = "aws-backlog"
    /// Concurrency in a stable and a panic window.
    case knative
    /// One worker more or less by the age of the oldest task.
    case latencyBand = "latency-band"
    /// As many as there are.
    case fixed = "static"
}
