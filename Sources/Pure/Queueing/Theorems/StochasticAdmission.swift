/// How likely an admitted task starts late, where the law of service times is known by its moments only (T6).
///
/// Assumptions: first come, first served; service times independent and equally distributed in [0, b]; all servers
/// stay alive. Nothing about arrivals.
public struct StochasticAdmission: Equatable, Sendable {
    /// The number of servers alive, c.
    public let servers: Int
    /// The longest possible service b in seconds.
    public let longestService: Double
    /// The mean service time m in seconds; `SampleMean.upperBound` where it is only estimated.
    public let meanService: Double
    /// The variance of the service time σ² in seconds².
    public let variance: Double
    /// The longest wait W that is still in time, in seconds.
    public let wait: Double

    /// - Throws: `QueueingError` for numbers outside their range.
    public init(
        servers: Int, longestService: Double, meanService: Double, variance: Double, wait: Double
    ) throws(QueueingError) {
        try Require.count(servers, "servers")
        try Require.positive(longestService, "longestService")
        try Require.notNegative(meanService, "meanService")
        try Require.notNegative(variance, "variance")
        try Require.notNegative(wait, "wait")
        self.servers = servers
        self.longestService = longestService
        self.meanService = meanService
        self.variance = variance
        self.wait = wait
    }

    /// An upper bound of P(wait > W) for a task that finds `ahead` tasks waiting:
    /// exp(−u²/(2nσ² + 2bu/3)) with u = cW − Σ(b−x_j) − n·m, or 1 where u ≤ 0.
    ///
    /// Proof: it is late only if the rest of the running services and the n services ahead fill all servers for W, so
    /// Σ S_i exceeds its mean by u; Bernstein's inequality.
    /// - Parameters:
    ///   - ahead: The tasks waiting ahead, n.
    ///   - elapsed: How long each running service has lasted, x_j in seconds; empty where unknown: all just
    ///     begun.
    public func lateProbability(ahead: Int, elapsed: [Double] = []) throws(QueueingError) -> Double {
        try Require.count(ahead, "ahead", from: 0, to: .max)
        return bound(ahead: Double(ahead), residual: try residual(elapsed))
    }

    /// How many may wait so that the next one is late with a probability of at most `lateShare`: the largest n + 1.
    ///
    /// The bound grows with n, so halving an interval finds it. At most ten million.
    public func capacity(lateShare: Double, elapsed: [Double] = []) throws(QueueingError) -> Int {
        try Require.share(lateShare, "lateShare")
        let residual = try residual(elapsed)
        var enough = 0
        var tooMany = Require.mostServers + 1
        while tooMany - enough > 1 {
            let middle = (enough + tooMany) / 2
            if bound(ahead: Double(middle - 1), residual: residual) <= lateShare {
                enough = middle
            } else {
                tooMany = middle
            }
        }
        return enough
    }

    /// The most that running services can still take, summed; services that outlast b count as ending now.
    private func residual(_ elapsed: [Double]) throws(QueueingError) -> Double {
        guard !elapsed.isEmpty else { return Double(servers) * longestService }
        try Require.count(elapsed.count, "the number of elapsed times", to: servers)
        var sum = 0.0
        for time in elapsed {
            try Require.notNegative(time, "elapsed")
            sum += max(0, longestService - time)
        }
        return sum
    }

    private func bound(ahead: Double, residual: Double) -> Double {
        let room = Double(servers) * wait - residual - ahead * meanService
        guard room > 0 else { return 1 }
        // With nobody ahead there is no chance left.
        guard ahead > 0 else { return 0 }
        // Divided by u, so that no square can overflow.
        return Libm.exp(-room / (2 * ahead * variance / room + 2 * longestService / 3))
    }
}

/// What a sample says about the mean behind it.
public enum SampleMean {
    /// A mean that the true one exceeds with a probability of at most δ/2:
    /// m̂ + √(2V̂·ln(4/δ)/N) + 7b·ln(4/δ)/(3(N−1)) (A. Maurer & M. Pontil 2009).
    ///
    /// Assumes independent values in [0, b]. (With ln(4/δ) the deviation is held on both sides with 1 − δ.)
    /// - Parameters:
    ///   - mean: The mean of the sample, m̂.
    ///   - variance: The variance of the sample, V̂, with N − 1 in the denominator.
    ///   - count: The size of the sample, N ≥ 2.
    ///   - largest: The largest possible value, b.
    ///   - risk: δ, between 0 and 1.
    public static func upperBound(
        mean: Double, variance: Double, count: Int, largest: Double, risk: Double
    ) throws(QueueingError) -> Double {
        try Require.notNegative(mean, "mean")
        try Require.notNegative(variance, "variance")
        try Require.count(count, "count", from: 2, to: .max)
        try Require.positive(largest, "largest")
        try Require.share(risk, "risk")
        let size = Double(count)
        let doubt = Libm.log(4 / risk)
        return mean + (2 * variance * doubt / size).squareRoot() + 7 * largest * doubt / (3 * (size - 1))
    }
}
