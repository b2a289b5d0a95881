/// A queue whose arrivals have outgrown its servers: until when help must be called (T4), and what is lost where help
/// comes too late (T5).
///
/// Assumptions: constant rates (the fluid view), first come, first served, and enough help once it arrives.
public struct Overload: Equatable, Sendable {
    /// Arrivals per second, λ.
    public let arrivalRate: Double
    /// The mean service time m in seconds.
    public let serviceTime: Double
    /// The servers at work, c; 0 is allowed.
    public let servers: Int
    /// The longest wait W that is still in time, in seconds.
    public let wait: Double
    /// From "launch" to "at work", with the delay of noticing if that matters, D in seconds.
    public let delay: Double

    /// - Throws: `QueueingError` for numbers outside their range.
    public init(
        arrivalRate: Double, serviceTime: Double, servers: Int, wait: Double, delay: Double
    ) throws(QueueingError) {
        try Require.positive(arrivalRate, "arrivalRate")
        try Require.positive(serviceTime, "serviceTime")
        try Require.count(servers, "servers", from: 0)
        try Require.positive(wait, "wait")
        try Require.notNegative(delay, "delay")
        self.arrivalRate = arrivalRate
        self.serviceTime = serviceTime
        self.servers = servers
        self.wait = wait
        self.delay = delay
    }

    /// Services per second with all servers busy, cμ.
    public var serviceRate: Double { Double(servers) / serviceTime }

    /// T4: the queue length at which help must be launched at the latest so that nobody waits longer than W:
    /// q* = λ(W−D) + cμD. Negative: even an empty queue is too late. Without overload it is cμW, what W can drain.
    ///
    /// Proof: the longest wait is that of the task which starts just when the help arrives; by then the queue has grown
    /// to q + (λ−cμ)D, and it has waited as long as that many arrivals take.
    public var latestSafeDepth: Double {
        let drained = min(arrivalRate, serviceRate)
        guard serviceRate < arrivalRate else { return drained * wait }
        return arrivalRate * (wait - delay) + serviceRate * delay
    }

    /// T4 as a fraction θ of λW, the depth at which the wait is about W: θ ≤ 1 − (D/W)(1 − cμ/λ).
    ///
    /// A fixed threshold "launch at 70 % of the allowed depth" is safe only where this is at least 0.7.
    public var safeThreshold: Double { 1 - delay / wait * max(0, 1 - serviceRate / arrivalRate) }

    /// T5: at least so many tasks are late under any scheduler and any scaling that learns of the overload only when it
    /// begins: λ(D−W) − cμD − c, or 0.
    ///
    /// Proof: the tasks of the first D−W seconds must start before help arrives at D, and only the old servers exist:
    /// they end at most cμD services and each may hold one task more.
    public var unavoidablyLate: Double {
        max(0, arrivalRate * (delay - wait) - serviceRate * delay - Double(servers))
    }

    /// T5: the servers that must stand ready all the time so that none need be late: λm(1 − W/D), or 0 where D ≤ W.
    public var standingReserve: Double {
        delay > wait ? arrivalRate * serviceTime * (1 - wait / delay) : 0
    }

    /// T4: the longest delay D with which mere reaction keeps W when the arrivals rise at once from λ₀ to κλ₀, the
    /// servers having been busy the share ρ of their time: Wκρ/(κρ−1) seconds; infinite where κρ ≤ 1.
    ///
    /// Proof: `latestSafeDepth` ≥ 0 with cμ = λ₀/ρ.
    /// - Parameters:
    ///   - wait: The longest wait that is still in time, in seconds.
    ///   - factor: By which factor arrivals rise, κ.
    ///   - utilization: The share of time the servers were busy before, ρ.
    public static func longestSafeDelay(
        wait: Double, factor: Double, utilization: Double
    ) throws(QueueingError) -> Double {
        try Require.positive(wait, "wait")
        try Require.positive(factor, "factor")
        try Require.positive(utilization, "utilization")
        let overload = factor * utilization
        // W/(1 − 1/κρ) instead of Wκρ/(κρ−1): an enormous factor must give W, not ∞/∞.
        return overload > 1 ? wait / (1 - 1 / overload) : .infinity
    }
}
