public import SojournPromise

/// The three promises for which results are published: reaction is enough in A, barely not in B, and hopeless in C.
public enum ReferenceSetting: String, Sendable, Hashable, CaseIterable {
    /// 30 s of wait, tasks of 1 s.
    case relaxed = "A"
    /// 10 s of wait, tasks of 0.5 s.
    case tight = "B"
    /// 1 s of wait, tasks of 0.25 s.
    case instant = "C"

    /// W, in seconds.
    public var limit: Double {
        switch self {
        case .relaxed: 30
        case .tight: 10
        case .instant: 1
        }
    }

    /// The mean service time, in seconds.
    public var serviceTime: Double {
        switch self {
        case .relaxed: 1
        case .tight: 0.5
        case .instant: 0.25
        }
    }

    /// The promise: slots come one by one and take 15 s to start; removing one costs 5 s.
    public var level: ServiceLevel {
        ServiceLevel(
            limit: limit, miss: 0.001, serviceTime: serviceTime, startup: 15, teardown: 5, tasksPerWorker: 1,
            workers: 1...1000)
    }

    /// The setting that a promise and a workload belong to.
    public init?(_ level: ServiceLevel, serviceTime: Double) {
        let match = Self.allCases.first {
            $0.limit == level.limit && $0.serviceTime == serviceTime && level.startup == 15 && level.teardown == 5
        }
        guard let match else { return nil }
        self = match
    }
}

/// What plans cost that knew the future, found by a long search outside of this program.
///
/// They start at least 99.9 % of the tasks in time, first come first served, with whole slots. The bound beside them is
/// the optimum of a linear program in which slots and tasks can be divided; nobody who starts every task in time can
/// be cheaper. All for seed 2.
public struct ReferenceClairvoyant: Sendable, Hashable {
    /// What the plan costs, in slot-seconds.
    public let workerSeconds: Double
    /// The optimum of the linear program, in slot-seconds.
    public let lowerBound: Double

    /// The plan for a scenario, where one was computed.
    public init?(_ scenario: Scenario, _ setting: ReferenceSetting, seed: UInt64) {
        guard seed == 2, let row = Self.table[setting]?[scenario] else { return nil }
        (workerSeconds, lowerBound) = row
    }

    private static let table: [ReferenceSetting: [Scenario: (Double, Double)]] = [
        .relaxed: [
            .poisson: (72021.11, 71992.29),
            .diurnal: (146716.17, 145035.39),
            .flash10: (92232.92, 91171.59),
            .onoff: (76933.86, 74047.97),
            .ramp: (194725.18, 194304.02),
            .lognormal10: (73101.05, 72203.41),
            .pareto: (73262.27, 72610.44),
            .semiFinal: (166071.97, 162505.94),
            .opening: (166646.65, 162556.29),
        ],
        .tight: [
            .poisson: (37307.89, 36000.61),
            .diurnal: (76029.49, 72549.30),
            .flash10: (46234.04, 45619.89),
            .onoff: (40787.23, 39468.52),
            .ramp: (98363.75, 97179.12),
            .lognormal10: (37982.10, 36213.61),
            .pareto: (37628.03, 36318.43),
            .semiFinal: (86188.50, 81293.85),
            .opening: (86507.25, 81342.38),
        ],
        .instant: [
            .poisson: (21813.92, 19295.91),
            .diurnal: (48517.62, 38200.48),
            .flash10: (26431.40, 24009.05),
            .onoff: (23862.62, 21749.74),
            .ramp: (51449.80, 49365.24),
            .lognormal10: (26693.65, 20954.06),
            .pareto: (22105.61, 19739.06),
            .semiFinal: (60120.61, 43840.79),
            .opening: (59730.56, 43993.35),
        ],
    ]
}
