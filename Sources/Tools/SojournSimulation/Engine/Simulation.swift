/// All that happened in one simulated run.
public struct Simulation: Sendable {
    /// The fleet at a decision of the policy.
    public struct Moment: Sendable, Hashable {
        /// When, in seconds.
        public var instant: Double
        /// Slots there were or would be.
        public var current: Int
        /// Slots that claimed tasks.
        public var ready: Int
        /// Tasks that waited.
        public var waiting: Int
    }

    /// Little's law over the accounted time: the two sides of ∫N = Σ waits, each from its own numbers.
    public struct LittlesLaw: Sendable, Hashable, Codable {
        /// L: the mean number of waiting tasks, from the counter of the queue.
        public var depth: Double
        /// λ: tasks that joined the line per second.
        public var rate: Double
        /// W: the mean time in line inside the window, from the tasks' own times.
        public var wait: Double
        /// |L − λW| / L; 0 where nothing waited.
        public var gap: Double

        enum CodingKeys: String, CodingKey {
            case depth = "L"
            case rate = "lambda"
            case wait = "W"
            case gap
        }
    }

    /// What had to be done.
    public let workload: Workload
    /// Whether a task was taken, one per arrival.
    public internal(set) var admitted: [Bool]
    /// When its first attempt started, one per arrival; NaN where it was refused.
    public internal(set) var started: [Double]
    /// The wait that it was promised, in seconds, one per arrival; NaN where it found an idle slot, was refused, or
    /// nobody was asked.
    public internal(set) var quoted: [Double]
    /// The fleet at every decision.
    public internal(set) var moments: [Moment] = []
    /// Billed slot-seconds up to the horizon, and the work that was left then.
    public internal(set) var workerSeconds = 0.0
    /// Decisions that changed the number of slots.
    public internal(set) var scaleActions = 0
    /// Slots that were launched.
    public internal(set) var launched = 0
    /// Attempts that were lost with their slot.
    public internal(set) var crashed = 0
    /// Events that were worked off.
    public internal(set) var events = 0
    /// The audit over the accounted time.
    public internal(set) var littlesLaw = LittlesLaw(depth: 0, rate: 0, wait: 0, gap: 0)

    init(_ workload: Workload) {
        self.workload = workload
        let count = workload.arrivals.count
        admitted = Array(repeating: true, count: count)
        started = Array(repeating: .nan, count: count)
        quoted = Array(repeating: .nan, count: count)
    }

    /// The waits of the tasks that were taken, in the order of their arrival, in seconds.
    public var waits: [Double] {
        var waits: [Double] = []
        waits.reserveCapacity(started.count)
        for task in started.indices where admitted[task] { waits.append(started[task] - workload.arrivals[task]) }
        return waits
    }
}
