/// A fixed number of slots.
public struct StaticFleet: ScalingPolicy {
    /// Its name in the configuration.
    public static let name = "static"
    /// Seconds between two decisions.
    public let interval = 60.0
    /// The slots it holds.
    public let slots: Int

    /// A fleet of so many slots.
    public init(slots: Int) { self.slots = slots }

    /// The slots wanted now; nil where nothing shall change.
    public mutating func decide(_ sample: QueueSample, _ load: LoadEstimator) -> ScalingAdvice? {
        guard slots != sample.current else { return nil }
        return ScalingAdvice(slots: slots, reason: "always \(slots) slots")
    }
}
