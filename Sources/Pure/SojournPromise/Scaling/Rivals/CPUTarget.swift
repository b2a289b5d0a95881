/// An HPA on CPU: the share of ready slots that are busy, over 15 s, against a target of 70 %.
///
/// Pods that are not ready count as 0 % where it would scale up (replica_calculator.go, `GetResourceReplicas`).
public struct CPUTarget: ScalingPolicy {
    /// Its name in the configuration.
    public static let name = "hpa-cpu"
    /// Seconds between two decisions.
    public let interval = HorizontalAutoscaler.interval
    private let target: Double
    private var autoscaler: HorizontalAutoscaler
    private var last: (now: Double, busySeconds: Double)?

    /// - Parameters:
    ///   - level: the promise; only its bounds matter.
    ///   - target: the share of slots that shall be busy.
    public init(level: ServiceLevel, target: Double = 0.7) {
        self.target = target
        autoscaler = HorizontalAutoscaler(bounds: level.slots)
    }

    /// The slots wanted now; nil where nothing shall change.
    public mutating func decide(_ sample: QueueSample, _ load: LoadEstimator) -> ScalingAdvice? {
        defer { last = (sample.now, sample.busySeconds) }
        guard let last, sample.now > last.now, sample.ready > 0 else { return nil }
        let busy = (sample.busySeconds - last.busySeconds) / (sample.now - last.now)
        let utilization = min(1, busy / Double(sample.ready))
        let wanted = replicas(utilization, sample)
        return autoscaler.replicas(recommended: wanted, current: sample.current, at: sample.now).map {
            let percent = "\(Numeral.short(100 * utilization)) % busy"
            return ScalingAdvice(slots: $0, reason: "\(percent), \(Numeral.short(100 * target)) % wanted: \($0) slots")
        }
    }

    private func replicas(_ utilization: Double, _ sample: QueueSample) -> Int {
        let tolerance = HorizontalAutoscaler.tolerance
        let ratio = utilization / target
        let ready = Double(sample.ready)
        guard ratio > 1, !sample.pending.isEmpty else {
            return abs(1 - ratio) <= tolerance ? sample.current : Numeral.ceiling(ratio * ready)
        }
        let all = ready + Double(sample.pending.count)
        let diluted = utilization * ready / all / target
        return diluted <= 1 + tolerance ? sample.current : Numeral.ceiling(diluted * all)
    }
}
