/// The rule of LittleQ: L = λ·W from the contract; one more worker where L is nearly used up; one per five that wait.
///
/// Run by an HPA. It is only at rest where depth/5 workers keep up with λ, that is at a wait of five service times, and
/// it knows no start-up.
public struct LittleQ: ScalingPolicy {
    /// Its name in the configuration.
    public static let name = "littleq"
    /// Seconds between two decisions.
    public let interval = HorizontalAutoscaler.interval
    private let depthMax: Double
    private let tasksPerSlot: Double
    private let threshold: Double
    private var autoscaler: HorizontalAutoscaler

    /// - Parameters:
    ///   - level: the promise; its W and its threshold θ.
    ///   - nominalRate: λ of the contract, in tasks per second.
    ///   - tasksPerSlot: waiting tasks that one slot is wanted for.
    public init(level: ServiceLevel, nominalRate: Double, tasksPerSlot: Double = 5) {
        depthMax = nominalRate * level.limit
        self.tasksPerSlot = tasksPerSlot
        threshold = level.scaleThreshold
        autoscaler = HorizontalAutoscaler(bounds: level.slots)
    }

    /// The slots wanted now; nil where nothing shall change.
    public mutating func decide(_ sample: QueueSample, _ load: LoadEstimator) -> ScalingAdvice? {
        var wanted = Numeral.ceiling(Double(sample.waiting) / tasksPerSlot)
        let isCrowded = Double(sample.waiting) > threshold * depthMax
        if isCrowded { wanted = max(wanted, sample.current + 1) }
        return autoscaler.replicas(recommended: wanted, current: sample.current, at: sample.now).map {
            let used = "of L = \(Numeral.short(depthMax)) allowed"
            return ScalingAdvice(slots: $0, reason: "\(sample.waiting) waiting \(used): \($0) slots")
        }
    }
}
