/// What a simulated run comes to. As JSON it has the fields that `sojourn simulate --json` prints.
public struct SimulationResult: Sendable, Hashable, Codable {
    /// The workload.
    public var scenario: String
    /// The policy.
    public var policy: String
    /// The seed of the workload.
    public var seed: UInt64
    /// Tasks that came.
    public var arrivals: Int
    /// Tasks that were taken.
    public var admitted: Int
    /// Tasks that were refused.
    public var rejected: Int
    /// Admitted tasks that started later than promised.
    public var breaches: Int
    /// Breaches per admitted task.
    public var breachRatio: Double
    /// Waits of admitted tasks, in seconds: half of them are no longer than this.
    public var waitP50: Double
    /// 99 of 100 waits are no longer than this, in seconds.
    public var waitP99: Double
    /// 999 of 1000 waits are no longer than this, in seconds.
    public var waitP999: Double
    /// The longest wait, in seconds.
    public var waitMax: Double
    /// The mean wait, in seconds.
    public var waitMean: Double
    /// Of the tasks that were promised a wait, the share that waited no longer; nil where none was promised one.
    public var quoteCoverage: Double?
    /// Billed slot-seconds.
    public var workerSeconds: Double
    /// Slot-seconds that nobody can go below who starts every task in time; see ``LowerBound``.
    public var lowerBoundWorkerSeconds: Double
    /// Slot-seconds of a plan that knew the future; nil where none was computed.
    public var clairvoyantWorkerSeconds: Double?
    /// Decisions that changed the number of slots.
    public var scaleActions: Int
    /// The audit over the accounted time.
    public var littlesLaw: Simulation.LittlesLaw

    enum CodingKeys: String, CodingKey {
        case scenario, policy, seed, arrivals, admitted, rejected, breaches
        case breachRatio = "breach_ratio"
        case waitP50 = "wait_p50"
        case waitP99 = "wait_p99"
        case waitP999 = "wait_p999"
        case waitMax = "wait_max"
        case waitMean = "wait_mean"
        case quoteCoverage = "quote_coverage"
        case workerSeconds = "worker_seconds"
        case lowerBoundWorkerSeconds = "lower_bound_worker_seconds"
        case clairvoyantWorkerSeconds = "clairvoyant_worker_seconds"
        case scaleActions = "scale_actions"
        case littlesLaw = "littles_law"
    }

    /// Sums up a run.
    ///
    /// - Parameters:
    ///   - limit: W, in seconds.
    ///   - lowerBound: what ``LowerBound`` says of the workload, in slot-seconds.
    ///   - clairvoyant: what a plan costs that knew the future, in slot-seconds.
    public init(
        _ run: Simulation, limit: Double, policy: String, seed: UInt64, lowerBound: Double, clairvoyant: Double? = nil
    ) {
        let waits = run.waits
        let quantile = Quantiles(waits)
        scenario = run.workload.name
        self.policy = policy
        self.seed = seed
        arrivals = run.workload.arrivals.count
        admitted = waits.count
        rejected = arrivals - admitted
        // A wait is a difference of two times, so that it is uncertain by their last digits.
        breaches = waits.count { $0 > limit + 1e-9 }
        breachRatio = admitted > 0 ? Double(breaches) / Double(admitted) : 0
        waitP50 = quantile(0.5)
        waitP99 = quantile(0.99)
        waitP999 = quantile(0.999)
        waitMax = quantile(1)
        waitMean = admitted > 0 ? waits.reduce(0, +) / Double(admitted) : 0
        quoteCoverage = Self.coverage(run)
        workerSeconds = run.workerSeconds
        lowerBoundWorkerSeconds = lowerBound
        clairvoyantWorkerSeconds = clairvoyant
        scaleActions = run.scaleActions
        littlesLaw = run.littlesLaw
    }

    private static func coverage(_ run: Simulation) -> Double? {
        let promised = run.quoted.indices.filter { !run.quoted[$0].isNaN }
        guard !promised.isEmpty else { return nil }
        let kept = promised.count { run.started[$0] - run.workload.arrivals[$0] <= run.quoted[$0] + 1e-9 }
        return Double(kept) / Double(promised.count)
    }
}
