/// Decides how many slots a queue should have. Pure: the same samples give the same advice.
public protocol ScalingPolicy: Sendable {
    /// Its name in the configuration.
    static var name: String { get }
    /// Seconds between two decisions.
    var interval: Double { get }
    /// The slots wanted now; nil where nothing shall change.
    ///
    /// - Parameters:
    ///   - sample: what was counted up to now.
    ///   - load: what is estimated from the samples so far, this one included.
    mutating func decide(_ sample: QueueSample, _ load: LoadEstimator) -> ScalingAdvice?
    /// Learns how long a slot takes from its launch to its first claim, in seconds.
    mutating func learn(startup: Double)
}

extension ScalingPolicy {
    /// Most rules do not care.
    public mutating func learn(startup: Double) {}
}

/// How many slots a queue should have, and why.
public struct ScalingAdvice: Sendable, Hashable {
    /// Slots wanted, pending ones included.
    public var slots: Int
    /// Why, in one sentence for people.
    public var reason: String

    /// Advice from its parts.
    public init(slots: Int, reason: String) {
        self.slots = slots
        self.reason = reason
    }
}
