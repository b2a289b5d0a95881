public import SojournModel

/// A load: how many tasks of which kinds, and how they come.
public struct LoadPlan: Sendable {
    /// How many tasks; 1 or more.
    public var tasks: Int
    /// Calls under way at once.
    public var callers: Int
    /// The most tasks of one call.
    public var batch: Int
    /// When tasks come (an open loop); nil: each caller sends its next tasks as soon as the last are accepted (a closed
    /// loop).
    public var arrivals: Arrivals?
    /// What they do.
    public var mix: TaskMix
    /// When those that fail try again; nil: as their queue says.
    public var retry: RetryPolicy?
    /// Where they wait.
    public var queue: QueueName
    /// How urgent they are.
    public var priority: Priority
    /// The tag by which the tasks of this run are found again.
    public var tag: String
    /// What decides about chance; the same seed gives the same tasks at the same moments.
    public var seed: UInt64

    /// A load from its parts.
    public init(
        tasks: Int, callers: Int = 16, batch: Int = 1, arrivals: Arrivals? = nil, mix: TaskMix = TaskMix(),
        retry: RetryPolicy? = nil, queue: QueueName = .default, priority: Priority = .default, tag: String,
        seed: UInt64 = 1
    ) {
        self.tasks = tasks
        self.callers = callers
        self.batch = batch
        self.arrivals = arrivals
        self.mix = mix
        self.retry = retry
        self.queue = queue
        self.priority = priority
        self.tag = tag
        self.seed = seed
    }
}

extension LoadPlan {
    /// What so many slots need at the least until all but the sleepers have ended, in seconds: no slot is ever idle,
    /// tasks start in the order in which they are sent, a sleeper keeps its slot, and nothing but handlers takes time.
    /// Pauses before retries are left out.
    public func drainLimit(slots: Int) -> Double {
        var free = [Double](repeating: 0, count: max(1, slots))
        var end = 0.0
        for task in LoadTask.all(of: self) {
            let slot = free.indices.min { free[$0] < free[$1] } ?? 0
            free[slot] += task.seconds
            if !task.isSleeper { end = max(end, free[slot]) }
        }
        return end
    }
}
