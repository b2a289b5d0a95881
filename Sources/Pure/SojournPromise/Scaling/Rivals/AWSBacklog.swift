/// AWS target tracking on backlog per instance: target = acceptable latency / mean service time.
///
/// One datapoint a minute; out after 3 above the target, in after 15 below nine tenths of it (docs.aws.amazon.com,
/// "Scaling policy based on Amazon SQS"; the alarms are those that target tracking makes). Its target is a backlog that
/// takes exactly W to work off, so about half of all tasks are late at rest.
public struct AWSBacklog: ScalingPolicy {
    /// Its name in the configuration.
    public static let name = "aws-backlog"
    /// Seconds between two decisions.
    public let interval = 60.0
    /// Datapoints in a row before anything is done.
    private static let (toGrow, toShrink) = (3, 15)
    private let target: Double
    private let bounds: ClosedRange<Int>
    private var above = 0
    private var below = 0

    /// - Parameters:
    ///   - level: the promise; its W and bounds.
    ///   - meanServiceTime: in seconds.
    public init(level: ServiceLevel, meanServiceTime: Double) {
        target = level.limit / max(meanServiceTime, 1e-6)
        bounds = level.slots
    }

    /// The slots wanted now; nil where nothing shall change.
    public mutating func decide(_ sample: QueueSample, _ load: LoadEstimator) -> ScalingAdvice? {
        let backlog = Double(sample.waiting) / Double(max(1, sample.ready))
        above = backlog > target ? above + 1 : 0
        below = backlog < 0.9 * target ? below + 1 : 0
        let proportional = Numeral.ceiling(Double(sample.waiting) / target)
        let wanted: Int
        if above >= Self.toGrow {
            wanted = max(sample.current, proportional)
        } else if below >= Self.toShrink {
            wanted = max(min(proportional, sample.current - 1), (sample.current + 1) / 2)
        } else {
            return nil
        }
        let slots = min(max(wanted, bounds.lowerBound), bounds.upperBound)
        guard slots != sample.current else { return nil }
        let text = "\(Numeral.short(backlog)) waiting per slot, \(Numeral.short(target)) wanted: \(slots) slots"
        return ScalingAdvice(slots: slots, reason: text)
    }
}
