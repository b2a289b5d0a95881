/// How many servers keep the share of late starts below a limit, in steady state.
///
/// The smallest c with C(c,a)·exp(−2(c−a)W/(m(c_a²+c_s²))) ≤ ε. Exact for Poisson arrivals and exponential service,
/// an approximation otherwise. Made once per set of parameters, then asked often: about a microsecond per answer.
public struct StaffingRule: Equatable, Sendable {
    /// The longest wait W that is still in time, in seconds.
    public let wait: Double
    /// The share ε of starts that may be later.
    public let lateShare: Double
    /// The mean service time m in seconds.
    public let serviceTime: Double
    /// Variance over squared mean of the time between arrivals, c_a²; 1 for Poisson arrivals.
    public let arrivalVariation: Double
    /// Variance over squared mean of the service time, c_s²; 1 for exponential service.
    public let serviceVariation: Double
    /// What each spare server adds to the exponent: 2W/(m(c_a²+c_s²)).
    private let decay: Double
    private let decayFactor: Double

    /// - Throws: `QueueingError` for numbers outside their range.
    public init(
        wait: Double, lateShare: Double, serviceTime: Double, arrivalVariation: Double = 1, serviceVariation: Double = 1
    ) throws(QueueingError) {
        try Require.notNegative(wait, "wait")
        try Require.share(lateShare, "lateShare")
        try Require.positive(serviceTime, "serviceTime")
        try Require.notNegative(arrivalVariation, "arrivalVariation")
        try Require.notNegative(serviceVariation, "serviceVariation")
        self.wait = wait
        self.lateShare = lateShare
        self.serviceTime = serviceTime
        self.arrivalVariation = arrivalVariation
        self.serviceVariation = serviceVariation
        decay = StaffingRule.decay(
            wait: wait, serviceTime: serviceTime, variations: arrivalVariation + serviceVariation)
        decayFactor = Libm.exp(-decay)
    }

    /// 2W/(m(c_a²+c_s²)). Without a wait nothing decays: 0/0 (no wait, no variation) must not become NaN.
    static func decay(wait: Double, serviceTime: Double, variations: Double) -> Double {
        wait == 0 ? 0 : 2 * wait / (serviceTime * variations)
    }

    /// The price of the promise: about how many servers above the load it takes, k ≈ ln(1/ε)·m(c_a²+c_s²)/(2W).
    ///
    /// Additive, not multiplicative: the same for a large and for a small load. Good for W ≳ m, where C is near 1 and
    /// the price small; below, `servers(load:)` is cheaper. Infinite for W = 0.
    public var price: Double { -Libm.log(lateShare) / decay }

    /// The smallest number of servers that keeps the promise at an offered `load` of λ·m servers; 0 for no load.
    ///
    /// One pass: Erlang's sum at the first stable c, then its recursion upward, O(√load) steps in all.
    /// - Throws: `QueueingError` unless `load` is from 0 to 5,000,000.
    public func servers(load: Double) throws(QueueingError) -> Int {
        guard load >= 0, load <= Double(Require.mostServers) / 2 else {
            throw .invalid(field: "load", value: load, valid: "a number from 0 to \(Require.mostServers / 2)")
        }
        guard load > 0 else { return 0 }
        var count = load.rounded(.down) + 1
        var inverse = Erlang.inverseBlocking(servers: count, load: load)
        var late = Libm.exp(-decay * (count - load))
        // C·late ≤ ε with 1/C = (a + (c−a)/B)/c.
        while late * count > lateShare * (load + (count - load) * inverse) {
            count += 1
            inverse = 1 + count / load * inverse
            late *= decayFactor
        }
        return Int(count)
    }

    /// The share of starts that are later than `wait` with the given number of servers; 1 where they cannot keep up.
    public func lateShare(servers: Int, load: Double) throws(QueueingError) -> Double {
        let waiting = try Erlang.waiting(servers: servers, load: load)
        return load < Double(servers) ? waiting * Libm.exp(-decay * (Double(servers) - load)) : 1
    }
}
