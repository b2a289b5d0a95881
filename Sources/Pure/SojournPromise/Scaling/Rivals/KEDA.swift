/// KEDA's Redis list scaler: one replica per `target` waiting tasks, polled every 30 s, set by an HPA.
///
/// A ScaledObject's defaults: pollingInterval 30 s, metric type AverageValue (keda.sh, "ScaledObject specification",
/// "Redis Lists"). With `countsRunning` the metric is what newer queue scalers (SQS) count: running tasks as well.
public struct KEDA: ScalingPolicy {
    /// Its name in the configuration.
    public static let name = "keda"
    /// Seconds between two looks at the list.
    static let polling = 30.0
    /// Seconds between two decisions.
    public let interval = HorizontalAutoscaler.interval
    private let target: Double
    private let countsRunning: Bool
    private var autoscaler: HorizontalAutoscaler
    private var polled: (at: Double, tasks: Int)?

    /// - Parameters:
    ///   - level: the promise; only its bounds matter.
    ///   - target: listLength, tasks per replica.
    ///   - countsRunning: whether running tasks count as well.
    public init(level: ServiceLevel, target: Double = 5, countsRunning: Bool = false) {
        self.target = target
        self.countsRunning = countsRunning
        autoscaler = HorizontalAutoscaler(bounds: level.slots)
    }

    /// The slots wanted now; nil where nothing shall change.
    public mutating func decide(_ sample: QueueSample, _ load: LoadEstimator) -> ScalingAdvice? {
        let tasks = poll(sample)
        let wanted = HorizontalAutoscaler.replicas(total: Double(tasks), target: target, current: sample.current)
        return autoscaler.replicas(recommended: wanted, current: sample.current, at: sample.now).map {
            ScalingAdvice(slots: $0, reason: "\(tasks) tasks, \(Numeral.short(target)) per slot: \($0) slots")
        }
    }

    private mutating func poll(_ sample: QueueSample) -> Int {
        if let polled, sample.now - polled.at < Self.polling { return polled.tasks }
        let tasks = sample.waiting + (countsRunning ? sample.busy : 0)
        polled = (sample.now, tasks)
        return tasks
    }
}
