/// How long to keep an idle server that would have to be launched again (T10): the ski-rental problem.
///
/// Assumption: an idle second costs one server-second, a launch (start-up and billed rest after removal) costs
/// `launchCost` server-seconds, and when the next work comes is unknown.
public struct HoldTime: Equatable, Sendable {
    /// Server-seconds that one more launch costs, D + G.
    public let launchCost: Double
    /// How long an idle server is kept, as a fraction of `launchCost`.
    public let fraction: Double

    /// - Throws: `QueueingError` for numbers outside their range.
    public init(launchCost: Double, fraction: Double = 1) throws(QueueingError) {
        try Require.notNegative(launchCost, "launchCost")
        try Require.positive(fraction, "fraction")
        self.launchCost = launchCost
        self.fraction = fraction
    }

    /// The seconds to keep an idle server. At fraction 1 it is kept until it has cost a launch.
    public var seconds: Double { fraction * launchCost }

    /// The worst cost relative to a manager who knows the future: (1+θ)/min(1, θ); 2 at fraction 1, the least possible
    /// for a deterministic rule (A. Karlin, M. Manasse, L. Rudolph & D. Sleator 1988).
    ///
    /// Proof: the worst is work that comes just after the removal. We paid θB + B, the other the lesser of θB and B.
    public var competitiveRatio: Double { (1 + fraction) / min(1, fraction) }
}
