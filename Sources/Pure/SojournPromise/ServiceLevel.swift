/// What a queue promises, and what its fleet may do to keep the promise.
///
/// Times are seconds, rates are tasks per second. A *slot* runs one task at a time; a worker process has
/// ``tasksPerWorker`` of them.
public struct ServiceLevel: Sendable, Hashable {
    /// What happens to a task that cannot start in time.
    public enum Overflow: String, Sendable, Hashable, CaseIterable {
        /// It is refused, with the time after which to try again.
        case reject
        /// It is taken; once late, it stands behind those that can still be in time.
        case demote
        /// It is taken and waits its turn.
        case accept
    }

    /// How sure the promise is.
    public enum Mode: Sendable, Hashable {
        /// All but a share ``ServiceLevel/miss`` of the tasks start in time (T6 of *The promise*).
        case stochastic
        /// Every admitted task starts in time while at most `crashes` slots are lost within W (T1).
        case hard(crashes: Int)
    }

    /// W: the longest wait from the moment a task may start to the start of its attempt.
    public var limit: Double
    /// ε: the share of tasks that may start later.
    public var miss: Double
    /// λ that the contract allows for; only a prior for what is measured.
    public var arrivalRate: Double?
    /// m₀: the mean service time to believe in before tasks have been seen.
    public var serviceTime: Double
    /// S_max: the longest time that an attempt holds its slot.
    public var serviceMax: Double
    /// D: from the launch of a worker to its first claim; a prior for what is measured.
    public var startup: Double
    /// G: what removing and launching again costs besides ``startup``, in slot-seconds per slot.
    public var teardown: Double
    /// κ: the step, as a factor of the usual rate, that standing capacity shall cover without notice; 0 = none.
    public var burst: Double
    /// What happens to a task that cannot start in time.
    public var overflow: Overflow
    /// How sure the promise is.
    public var mode: Mode
    /// Slots of one worker process.
    public var tasksPerWorker: Int
    /// Fewest and most worker processes.
    public var workers: ClosedRange<Int>
    /// θ: the share of L = λ·W at which the policy `littleq` adds a worker.
    public var scaleThreshold: Double

    /// A promise with its limit; everything else has a default.
    public init(
        limit: Double, miss: Double = 0.01, arrivalRate: Double? = nil, serviceTime: Double = 0.1,
        serviceMax: Double = 60, startup: Double = 1, teardown: Double = 0, burst: Double = 0,
        overflow: Overflow = .accept, mode: Mode = .stochastic, tasksPerWorker: Int = 5,
        workers: ClosedRange<Int> = 1...50, scaleThreshold: Double = 0.7
    ) {
        self.limit = limit
        self.miss = miss
        self.arrivalRate = arrivalRate
        self.serviceTime = serviceTime
        self.serviceMax = serviceMax
        self.startup = startup
        self.teardown = teardown
        self.burst = burst
        self.overflow = overflow
        self.mode = mode
        self.tasksPerWorker = tasksPerWorker
        self.workers = workers
        self.scaleThreshold = scaleThreshold
    }

    /// The fewest and most slots; as many as a number can tell where there would be more.
    public var slots: ClosedRange<Int> {
        func slots(_ workers: Int) -> Int {
            let (product, overflow) = max(0, workers).multipliedReportingOverflow(by: max(0, tasksPerWorker))
            return overflow ? .max : product
        }
        return slots(workers.lowerBound)...slots(workers.upperBound)
    }
}
