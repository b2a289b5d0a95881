public import SojournPromise

/// Several policies on several workloads.
public struct Comparison: Sendable {
    /// One policy on all workloads.
    public struct Row: Sendable, Hashable {
        /// The policy.
        public var policy: String
        /// One result per workload, in the order of ``Comparison/columns``.
        public var results: [SimulationResult]

        /// The largest share of late tasks.
        public var worstBreachRatio: Double { results.map(\.breachRatio).max() ?? 0 }
        /// The geometric mean of ``SimulationResult/relativeCost``.
        public var meanCost: Double { geometricMean(results.map(\.relativeCost)) }
        /// The largest ``SimulationResult/relativeCost``.
        public var worstCost: Double { results.map(\.relativeCost).max() ?? 0 }
        /// On how many workloads at most that share was late.
        public func kept(_ miss: Double) -> Int { results.count { $0.breachRatio <= miss } }
        /// On how many of these the cost was at most that factor.
        public func kept(_ miss: Double, below factor: Double) -> Int {
            results.count { $0.breachRatio <= miss && $0.relativeCost <= factor }
        }
    }

    /// The workloads: names, with the seed where there are several.
    public private(set) var columns: [String] = []
    /// The policies.
    public private(set) var rows: [Row]
    /// The share that may be late.
    public let miss: Double

    /// A workload to compare policies on.
    public struct Job: Sendable {
        /// The workload.
        public let workload: Workload
        /// What its random numbers began with.
        public let seed: UInt64
        private let scenario: Scenario?

        /// A scenario.
        public init(_ scenario: Scenario, serviceTime: Double, seed: UInt64) {
            self.scenario = scenario
            self.seed = seed
            workload = scenario.workload(serviceTime: serviceTime, seed: seed)
        }

        /// A workload from elsewhere.
        public init(_ workload: Workload, seed: UInt64) {
            scenario = nil
            self.seed = seed
            self.workload = workload
        }

        /// The plan that knew the future, where one was computed.
        func clairvoyant(_ level: ServiceLevel) -> ReferenceClairvoyant? {
            guard let scenario else { return nil }
            return ReferenceSetting(level, serviceTime: workload.serviceTime)
                .flatMap { ReferenceClairvoyant(scenario, $0, seed: seed) }
        }
    }

    private let level: ServiceLevel
    private let contenders: [Contender]

    /// A comparison of policies under a promise, on no workload yet.
    public init(_ contenders: [Contender], level: ServiceLevel) {
        miss = level.miss
        rows = contenders.map { Row(policy: $0.label, results: []) }
        self.level = level
        self.contenders = contenders
    }

    /// Runs every contender on a workload, at its mean rate; `progress` is called after each run.
    public mutating func add(_ job: Job, progress: () -> Void = {}) {
        columns.append(columns.contains(job.workload.name) ? "\(job.workload.name) #\(job.seed)" : job.workload.name)
        var level = level
        level.arrivalRate = job.workload.nominalRate
        let reference = job.clairvoyant(level)
        let bound = reference?.lowerBound ?? LowerBound.certified(job.workload, level)
        for (index, contender) in contenders.enumerated() {
            let result = contender.run(
                job.workload, level, seed: job.seed, lowerBound: bound, clairvoyant: reference?.workerSeconds)
            if let result { rows[index].results.append(result) }
            progress()
        }
    }
}

extension Contender {
    /// Runs the contender on one workload, first come first served unless it is adjusted; nil where its policy does not
    /// exist.
    public func simulate(_ workload: Workload, _ level: ServiceLevel) -> Simulation? {
        var settings = SimulationSettings(level: level)
        settings.order = .fifo
        settings.admission = false
        adjust(&settings)
        guard let policy = policy(settings.level, workload) else { return nil }
        // A fleet that never changes is there from the beginning.
        if let fleet = policy as? StaticFleet { settings.initialSlots = fleet.slots }
        return Simulator.run(workload, settings, policy: policy)
    }

    /// Sums up ``simulate(_:_:)``.
    public func run(
        _ workload: Workload, _ level: ServiceLevel, seed: UInt64, lowerBound: Double, clairvoyant: Double? = nil
    ) -> SimulationResult? {
        simulate(workload, level).map {
            SimulationResult(
                $0, limit: level.limit, policy: label, seed: seed, lowerBound: lowerBound, clairvoyant: clairvoyant)
        }
    }
}

extension SimulationResult {
    /// Slot-seconds over those of the plan that knew the future, or over the lower bound where there is no such plan.
    public var relativeCost: Double { workerSeconds / (clairvoyantWorkerSeconds ?? lowerBoundWorkerSeconds) }
}
