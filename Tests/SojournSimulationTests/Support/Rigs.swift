import SojournPromise
import SojournSimulation

/// Always the same number of slots.
struct Constant: ScalingPolicy {
    static let name = "constant"
    let slots: Int
    let interval = 60.0

    mutating func decide(_ sample: QueueSample, _ load: LoadEstimator) -> ScalingAdvice? {
        ScalingAdvice(slots: slots, reason: "constant")
    }
}

/// A list trigger with five tasks per slot behind an autoscaler with Kubernetes' defaults, as in the reference.
struct ListTrigger: ScalingPolicy {
    static let name = "list-trigger"
    let interval = 15.0
    private let target = 5.0
    private var polled = -1e9
    private var waiting = 0.0
    private var recommended: [(instant: Double, slots: Int)] = []

    mutating func decide(_ sample: QueueSample, _ load: LoadEstimator) -> ScalingAdvice? {
        if sample.now - polled >= 30 { (polled, waiting) = (sample.now, Double(sample.waiting)) }
        let current = sample.current
        let ratio = waiting / (target * Double(current))
        let wanted = abs(1 - ratio) <= 0.1 ? current : Int((waiting / target).rounded(.up))
        recommended.append((sample.now, min(1000, max(1, wanted))))
        recommended.removeAll { $0.instant < sample.now - 300 }
        let slots = recommended[recommended.count - 1].slots
        let highest = recommended.map(\.slots).max() ?? current
        let next = slots > current ? min(slots, max(2 * current, current + 4)) : min(current, highest)
        return ScalingAdvice(slots: next, reason: "list trigger")
    }
}

/// Settings of a fleet whose slots come one by one, like the reference's.
func settings(limit: Double, serviceTime: Double = 1, slots: Int? = nil) -> SimulationSettings {
    var settings = SimulationSettings(
        level: ServiceLevel(
            limit: limit, miss: 0.001, serviceTime: serviceTime, startup: 15, teardown: 5, tasksPerWorker: 1,
            workers: 1...1000))
    settings.initialSlots = slots
    return settings
}

func result(_ run: Simulation, limit: Double) -> SimulationResult {
    SimulationResult(run, limit: limit, policy: "test", seed: 2, lowerBound: LowerBound.fluid(run.workload))
}
