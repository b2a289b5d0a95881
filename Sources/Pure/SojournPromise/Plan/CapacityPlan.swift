public import Queueing

/// How many slots and workers a promise takes, and what becomes of it when things go wrong.
///
/// Means and tails are those of a steady state with Poisson arrivals: exact for exponential service times (Erlang C),
/// the approximation of T7 otherwise. ``method`` says which.
public struct CapacityPlan: Sendable, Hashable {
    /// What a plan is made from.
    public struct Question: Sendable, Hashable {
        /// λ, tasks per second.
        public var arrivalRate: Double
        /// m, the mean service time in seconds.
        public var serviceTime: Double
        /// c_s², variance over squared mean of the service time.
        public var serviceVariation: Double
        /// The promise: W, ε, D and slots per worker count.
        public var level: ServiceLevel
        /// The slots that there are; nil = as few as keep the promise.
        public var slots: Int?

        /// A question; exponential service times unless said otherwise.
        public init(
            arrivalRate: Double, serviceTime: Double, serviceVariation: Double = 1, level: ServiceLevel,
            slots: Int? = nil
        ) {
            self.arrivalRate = arrivalRate
            self.serviceTime = serviceTime
            self.serviceVariation = serviceVariation
            self.level = level
            self.slots = slots
        }
    }

    /// What was asked.
    public let question: Question
    /// a = λ·m, the slots that are busy on average.
    public let offeredLoad: Double
    /// c, tasks at once.
    public let slots: Int
    /// Worker processes that have them.
    public let workers: Int
    /// ρ = a ÷ c.
    public let utilization: Double
    /// L = λ·W, the tasks that come within the longest wait.
    public let maxDepth: Double
    /// The depth at which more slots must be launched at the latest if the load has doubled (T4); 0 where every depth
    /// is too late.
    public let scaleAtDepth: Double
    /// K, how many tasks may wait so that each surely starts in time (T1).
    public let hardDepth: Int
    /// The share of tasks that have to wait.
    public let waitProbability: Double
    /// The mean wait in seconds, of all tasks.
    public let meanWait: Double
    /// The wait in seconds that all but ε of the tasks stay within.
    public let percentileWait: Double
    /// The share of tasks that wait longer than W.
    public let lateShare: Double

    /// Makes a plan.
    ///
    /// - Throws: ``Queueing/QueueingError`` for numbers out of range, and where the slots cannot keep up.
    public init(_ question: Question) throws(QueueingError) {
        let (rate, time, level) = (question.arrivalRate, question.serviceTime, question.level)
        let rule = try StaffingRule(
            wait: level.limit, lateShare: level.miss, serviceTime: time, serviceVariation: question.serviceVariation)
        self.question = question
        offeredLoad = rate * time
        if let given = question.slots { slots = given } else { slots = max(1, try rule.servers(load: offeredLoad)) }
        workers = (slots - 1) / max(1, level.tasksPerWorker) + 1
        let model = try MMc(arrivalRate: rate, serviceTime: time, servers: slots)
        utilization = model.utilization
        maxDepth = rate * level.limit
        let doubled = try Overload(
            arrivalRate: 2 * rate, serviceTime: time, servers: slots, wait: level.limit, delay: level.startup)
        scaleAtDepth = max(0, doubled.latestSafeDepth)
        hardDepth = try HardPromise(servers: slots, longestService: level.serviceMax).capacity(within: level.limit)
        waitProbability = model.waitProbability
        meanWait = try model.allenCunneenMeanWait(
            arrivalVariation: 1, serviceVariation: question.serviceVariation)
        lateShare = try rule.lateShare(servers: slots, load: offeredLoad)
        let scale = time * (1 + question.serviceVariation) / (2 * (Double(slots) - offeredLoad))
        percentileWait = model.waitProbability > level.miss ? scale * logarithm(model.waitProbability / level.miss) : 0
    }

    /// Whether the promise is kept in steady state.
    public var isKept: Bool { lateShare <= question.level.miss * (1 + 1e-9) }

    /// How the numbers came about.
    public var method: String {
        question.serviceVariation == 1
            ? "Erlang C: exact for Poisson arrivals and exponential service"
            : "Erlang C with the Allen-Cunneen mean and its exponential tail: an approximation"
    }
}
