/// A band of queue latency: every 10 s one slot more above half of W, one fewer after ten minutes below a tenth.
///
/// As Judoscale and HireFire do it (judoscale.com/docs/tuning-your-application, help.hirefire.io).
public struct LatencyBand: ScalingPolicy {
    /// Its name in the configuration.
    public static let name = "latency-band"
    /// Seconds between two decisions.
    public let interval = 10.0
    private static let patience = 600.0
    private let limit: Double
    private let bounds: ClosedRange<Int>
    private var quietSince = 0.0

    /// A policy for a queue with that promise.
    public init(level: ServiceLevel) {
        limit = level.limit
        bounds = level.slots
    }

    /// The slots wanted now; nil where nothing shall change.
    public mutating func decide(_ sample: QueueSample, _ load: LoadEstimator) -> ScalingAdvice? {
        let wait = max(sample.oldestWait, sample.late > 0 ? limit : 0)
        if wait > 0.5 * limit {
            quietSince = sample.now
            return advice(sample.current + 1, sample, wait)
        }
        if wait > 0.1 * limit { quietSince = sample.now }
        guard sample.now - quietSince >= Self.patience else { return nil }
        quietSince = sample.now
        return advice(sample.current - 1, sample, wait)
    }

    private func advice(_ wanted: Int, _ sample: QueueSample, _ wait: Double) -> ScalingAdvice? {
        let slots = min(max(wanted, bounds.lowerBound), bounds.upperBound)
        guard slots != sample.current else { return nil }
        let text = "the oldest waits for \(Numeral.short(wait)) s of \(Numeral.short(limit)): \(slots) slots"
        return ScalingAdvice(slots: slots, reason: text)
    }
}
