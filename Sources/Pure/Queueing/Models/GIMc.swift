/// How arrivals are spaced, given their mean rate.
public enum ArrivalSpacing: Equatable, Sendable {
    /// Always the same distance.
    case constant
    /// Exponential distances: a Poisson process.
    case exponential
    /// Erlang-k distances: each the sum of `phases` exponential ones; squared coefficient of variation 1/phases.
    case erlang(phases: Int)

    /// The number of exponential phases; nil for constant distances.
    var phases: Double? {
        switch self {
        case .constant: nil
        case .exponential: 1
        case .erlang(let phases): Double(phases)
        }
    }
}

/// GI/M/c: independent, equally distributed arrival distances, c servers, exponential service, in order of arrival.
///
/// L. Takács, Introduction to the Theory of Queues, 1962, chapter 2. Exact in steady state.
/// Rates per second, times in seconds.
public struct GIMc: Equatable, Sendable {
    /// Arrivals per second, λ.
    public let arrivalRate: Double
    /// The mean service time m in seconds.
    public let serviceTime: Double
    /// The number of servers, c.
    public let servers: Int
    /// How arrivals are spaced.
    public let spacing: ArrivalSpacing
    /// The share of arrivals that wait at all.
    public let waitProbability: Double
    /// 1 − σ, where σ is the ratio of neighbouring queue lengths seen by arrivals.
    private let fall: Double

    /// The work grows with the number of servers: at most 100,000.
    ///
    /// - Throws: `QueueingError` for numbers outside their range and where λ·m ≥ c.
    public init(
        arrivalRate: Double, serviceTime: Double, servers: Int, spacing: ArrivalSpacing
    ) throws(QueueingError) {
        try Require.count(servers, "servers", to: 100_000)
        if case .erlang(let phases) = spacing { try Require.count(phases, "phases", to: 1_000_000) }
        let load = try Require.stableLoad(arrivalRate: arrivalRate, serviceTime: serviceTime, servers: servers)
        self.arrivalRate = arrivalRate
        self.serviceTime = serviceTime
        self.servers = servers
        self.spacing = spacing
        let transform = SpacingTransform(load: load, phases: spacing.phases)
        fall = transform.fall(servers: Double(servers))
        waitProbability = transform.waitProbability(servers: Double(servers), fall: fall)
    }

    /// The mean wait before service in seconds, over all arrivals: P(wait)·m/(c(1−σ)).
    public var meanWait: Double { waitProbability * serviceTime / (Double(servers) * fall) }

    /// The mean number of waiting tasks, by Little's law.
    public var meanQueueLength: Double { arrivalRate * meanWait }

    /// The share of arrivals that wait longer than `time` seconds: P(wait)·exp(−c(1−σ)t/m).
    public func waitTail(beyond time: Double) throws(QueueingError) -> Double {
        try Require.notNegative(time, "time")
        return waitProbability * Libm.exp(-Double(servers) * fall * time / serviceTime)
    }
}

/// φ(x) = E[e^{−xA/m}] of the arrival distance A, the service time m being the unit.
private struct SpacingTransform {
    let load: Double
    let phases: Double?

    private func exponent(_ x: Double) -> Double {
        guard let phases else { return x / load }
        return phases * Libm.log1p(x / (phases * load))
    }

    func value(_ x: Double) -> Double { Libm.exp(-exponent(x)) }

    /// 1 − φ(x), with all digits where φ is near 1.
    func complement(_ x: Double) -> Double { -Libm.expm1(-exponent(x)) }

    /// −φ′(x).
    func slope(_ x: Double) -> Double {
        guard let phases else { return value(x) / load }
        return value(x) * phases / (phases * load + x)
    }

    /// The positive root δ = 1 − σ of δ = 1 − φ(cδ).
    ///
    /// 1 − φ is concave, so Newton's method comes down from δ = 1 without passing the root.
    func fall(servers: Double) -> Double {
        var delta = 1.0
        for _ in 0..<200 {
            let next = delta - (delta - complement(servers * delta)) / (1 - servers * slope(servers * delta))
            guard next < delta, next > 0 else { break }
            delta = next
        }
        return delta
    }

    /// P(wait) = K/(1−σ), with 1/K = 1/(1−σ) + Σ_{j=1}^{c} binomial(c,j)·h_j / (C_j·(1−φ_j)), where φ_j = φ(j),
    /// C_j = Π_{i≤j} φ_i/(1−φ_i) and h_j = (c(1−φ_j) − j)/(c(1−σ) − j). All terms are positive.
    func waitProbability(servers: Double, fall: Double) -> Double {
        var sum = 1 / fall
        var weight = 1.0
        var index = 1.0
        while index <= servers, sum < .infinity {
            let complement = complement(index)
            weight *= (servers - index + 1) / index * complement / value(index)
            sum += weight * quotient(index: index, servers: servers, fall: fall) / complement
            index += 1
        }
        return 1 / (fall * sum)
    }

    /// h_j; numerator and denominator vanish together where c(1−σ) is j, and there their slopes decide.
    private func quotient(index: Double, servers: Double, fall: Double) -> Double {
        let part = index / servers
        let rest = (servers - index) / servers
        let ratio = value(servers * fall)
        // Both are differences: taken from 0 or from 1, whichever is nearer, they keep their digits.
        let distance = part < 0.5 ? fall - part : rest - ratio
        guard abs(distance) > 1e-7 * max(rest, ratio) else { return 1 - servers * slope(servers * (fall + part) / 2) }
        return (part < 0.5 ? complement(index) - part : rest - value(index)) / distance
    }
}
