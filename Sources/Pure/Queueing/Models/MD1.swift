/// M/D/1: Poisson arrivals, one server, every service takes the same time, in order of arrival.
///
/// The textbook law of the wait (Erlang 1909) is an alternating series whose terms outgrow their sum already at a few
/// service times. Here it is a Poisson mixture of the number in system, which has positive terms only
/// (G. J. Franx, "A simple solution for the M/D/c waiting time distribution", 2001). Exact in steady state.
public struct MD1: Equatable, Sendable {
    /// Arrivals per second, λ.
    public let arrivalRate: Double
    /// The constant service time D in seconds.
    public let serviceTime: Double
    /// The share of time that the server is busy, and so the share of arrivals that wait: ρ = λ·D.
    public let utilization: Double
    /// P(number in system > n) for n = 0...
    private let tails: [Double]
    /// By which factor the tail falls with each further task, beyond the last of `tails`.
    private let ratio: Double

    /// - Throws: `QueueingError` for numbers outside their range and where λ·D ≥ 1.
    public init(arrivalRate: Double, serviceTime: Double) throws(QueueingError) {
        utilization = try Require.stableLoad(arrivalRate: arrivalRate, serviceTime: serviceTime, servers: 1)
        self.arrivalRate = arrivalRate
        self.serviceTime = serviceTime
        (tails, ratio) = MD1.numberInSystem(utilization: utilization)
    }

    /// The mean wait before service in seconds: ρ·D/(2(1−ρ)).
    public var meanWait: Double { utilization * serviceTime / (2 * (1 - utilization)) }

    /// The mean number of waiting tasks, by Little's law.
    public var meanQueueLength: Double { arrivalRate * meanWait }

    /// The share of arrivals that start within `time` seconds.
    public func waitWithin(_ time: Double) throws(QueueingError) -> Double {
        1 - (try waitTail(beyond: time))
    }

    /// The share of arrivals that wait longer than `time` seconds, accurate far into the tail.
    ///
    /// With k whole services up to the next multiple of D and u = λ(kD − t) ≤ ρ:
    /// P(W > t) = Σ_{j<k} e^{−u}u^j/j! · P(N > k−j) + P(Poisson(u) ≥ k).
    public func waitTail(beyond time: Double) throws(QueueingError) -> Double {
        try Require.notNegative(time, "time")
        let services = (time / serviceTime).rounded(.down) + 1
        guard services < 1e15 else { return 0 }
        let mean = arrivalRate * max(0, services * serviceTime - time)
        var weight = Libm.exp(-mean)
        var arrivals = 0.0
        var tail = 0.0
        // u ≤ 1, so forty terms are plenty.
        while arrivals < 40 {
            tail += weight * (arrivals < services ? numberTail(services - arrivals) : 1)
            arrivals += 1
            weight *= mean / arrivals
        }
        return min(1, tail)
    }

    private func numberTail(_ number: Double) -> Double {
        guard number >= Double(tails.count) else { return tails[Int(number)] }
        return tails[tails.count - 1] * Libm.pow(ratio, number - Double(tails.count - 1))
    }

    /// The law of the number in system, through the balance of the embedded chain in its positive form
    /// p_{n+1}·α_0 = p_0·A_n + Σ_{k=1}^{n} p_k·A_{n−k+1}, with A_n = P(more than n arrivals during one service).
    ///
    /// The ratio of neighbours settles within some twenty steps: all other poles of the generating function
    /// lie at least eight times farther out under heavy load.
    private static func numberInSystem(utilization: Double) -> (tails: [Double], ratio: Double) {
        let size = 64
        let more = poissonTails(mean: utilization, count: size)
        let none = Libm.exp(-utilization)
        var probabilities = [1 - utilization]
        for next in 1..<size {
            var sum = probabilities[0] * more[next - 1]
            for lower in stride(from: 1, to: next, by: 1) { sum += probabilities[lower] * more[next - lower] }
            probabilities.append(sum / none)
        }
        let last = probabilities[size - 1]
        let ratio = last > 0 ? last / probabilities[size - 2] : 0
        // So close to saturation that the numbers cannot tell: the tail does not fall at all.
        guard ratio < 1 else { return ([utilization], 1) }
        var tails = [Double](repeating: last * ratio / (1 - ratio), count: size)
        for index in stride(from: size - 2, through: 0, by: -1) {
            tails[index] = tails[index + 1] + probabilities[index + 1]
        }
        // P(N > 0) = ρ holds exactly; scaling by it undoes the rounding of 1 − ratio under heavy load.
        let scale = utilization / tails[0]
        return (tails.map { $0 * scale }, ratio)
    }

    /// P(Poisson(mean) > n) for n = 0..<count; each a sum of positive terms.
    private static func poissonTails(mean: Double, count: Int) -> [Double] {
        var weights = [Libm.exp(-mean)]
        for index in 1...(count + 40) { weights.append(weights[index - 1] * mean / Double(index)) }
        var tails = [Double](repeating: 0, count: count)
        var sum = weights[count...].reduce(0, +)
        for index in stride(from: count - 1, through: 0, by: -1) {
            tails[index] = sum
            sum += weights[index]
        }
        return tails
    }
}
