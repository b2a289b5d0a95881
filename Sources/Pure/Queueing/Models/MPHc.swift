/// A service time made of two exponential phases.
public struct PhaseService: Equatable, Sendable {
    /// The mean service time in seconds.
    public let mean: Double
    /// Variance over squared mean, dimensionless.
    public let variation: Double
    /// The probability of beginning in phase 1 rather than 2.
    let start: Double
    /// Ends of phase 1 per mean service time.
    let first: Double
    /// Ends of phase 2 per mean service time.
    let second: Double
    /// The probability that the end of phase 1 leads to phase 2 rather than to the end of the service.
    let onward: Double

    /// Erlang-2: two equal phases one after the other, variation ½.
    public static func erlang2(mean: Double) throws(QueueingError) -> PhaseService {
        try Require.positive(mean, "mean")
        return PhaseService(mean: mean, variation: 0.5, start: 1, first: 2, second: 2, onward: 1)
    }

    /// A two-phase hyperexponential with balanced means: short and long tasks, each kind half of the work.
    ///
    /// - Parameter variation: Variance over squared mean, from 1 (exponential) to a million.
    public static func hyperexponential2(mean: Double, variation: Double) throws(QueueingError) -> PhaseService {
        try Require.positive(mean, "mean")
        guard variation >= 1, variation <= 1e6 else {
            throw .invalid(field: "variation", value: variation, valid: "a number from 1 to a million")
        }
        // (1 − √((v−1)/(v+1)))/2, written without its difference.
        let long = 1 / ((variation + 1) * (1 + ((variation - 1) / (variation + 1)).squareRoot()))
        return PhaseService(
            mean: mean, variation: variation, start: 1 - long, first: 2 * (1 - long), second: 2 * long, onward: 0)
    }
}

/// M/PH/c with two-phase service (M/E2/c, M/H2/c): Poisson arrivals, c servers, in order of arrival.
///
/// A quasi-birth–death process over (number in system, services in phase 1), solved by logarithmic reduction
/// (G. Latouche & V. Ramaswami 1993). Exact in steady state, to about ten digits.
public struct MPHc: Equatable, Sendable {
    /// Arrivals per second, λ.
    public let arrivalRate: Double
    /// The number of servers, c.
    public let servers: Int
    /// The law of the service time.
    public let service: PhaseService
    /// The share of arrivals that wait at all.
    public let waitProbability: Double
    /// The mean number of waiting tasks.
    public let meanQueueLength: Double

    /// The work grows with the fourth power of the number of servers (0.1 ms for 10): at most 100.
    ///
    /// - Throws: `QueueingError` for numbers outside their range and where λ·mean ≥ c.
    public init(arrivalRate: Double, servers: Int, service: PhaseService) throws(QueueingError) {
        try Require.count(servers, "servers", to: 100)
        _ = try Require.stableLoad(arrivalRate: arrivalRate, serviceTime: service.mean, servers: servers)
        self.arrivalRate = arrivalRate
        self.servers = servers
        self.service = service
        let levels = PhaseLevels(load: arrivalRate * service.mean, servers: servers, service: service)
        (waitProbability, meanQueueLength) = levels.solution()
    }

    /// The mean wait before service in seconds, over all arrivals.
    public var meanWait: Double { meanQueueLength / arrivalRate }
}

/// The transition rates between neighbouring numbers in system, and the steady state that follows from them.
///
/// Time is counted in mean service times. Level n has the states 0...min(n, c): how many services are in phase 1.
private struct PhaseLevels {
    let load: Double
    let servers: Int
    let service: PhaseService

    /// From level n to n+1: an arrival, whose service begins at once while a server is free.
    private func up(_ level: Int) -> Matrix {
        guard level < servers else { return load * Matrix.identity(servers + 1) }
        var result = Matrix(rows: level + 1, columns: level + 2)
        for state in 0...level {
            result[state, state] = load * (1 - service.start)
            result[state, state + 1] = load * service.start
        }
        return result
    }

    /// From level n to n−1: a service ends, and while somebody waits the next begins.
    private func down(_ level: Int) -> Matrix {
        let busy = min(level, servers)
        let refills = level > servers
        var result = Matrix(rows: busy + 1, columns: min(level - 1, servers) + 1)
        for state in 0...busy {
            let ended = (first: Double(state) * service.first, second: Double(busy - state) * service.second)
            let ends = [(state - 1, ended.first * (1 - service.onward)), (state, ended.second)]
            for (left, rate) in ends where rate > 0 {
                result[state, left] += rate * (refills ? 1 - service.start : 1)
                if refills { result[state, left + 1] += rate * service.start }
            }
        }
        return result
    }

    /// Within level n: a service passes from phase 1 to 2; on the diagonal all that leaves a state.
    private func local(_ level: Int) -> Matrix {
        let busy = min(level, servers)
        var result = Matrix(rows: busy + 1, columns: busy + 1)
        for state in 0...busy {
            result[state, state] = -(load + Double(state) * service.first + Double(busy - state) * service.second)
            if state > 0 { result[state, state - 1] = Double(state) * service.first * service.onward }
        }
        return result
    }

    /// G: where the process first enters the level below, from any level above c.
    private func descent() -> Matrix {
        let inverse = (-1 * local(servers + 1)).inverse
        var high = inverse * up(servers)
        var low = inverse * down(servers + 1)
        var result = low
        var climb = high
        for _ in 0..<60 {
            let rest = (Matrix.identity(servers + 1) - (high * low + low * high)).inverse
            high = rest * (high * high)
            low = rest * (low * low)
            let step = climb * low
            result = result + step
            climb = climb * high
            if (step.values.max() ?? 0) < 1e-17 { break }
        }
        return result
    }

    /// Level by level π_{n+1} = π_n·R_n, with R_n = up·(−(local + R_{n+1}·down))⁻¹ from the top downward.
    func solution() -> (wait: Double, queue: Double) {
        let rate = load * (-1 * (local(servers) + up(servers) * descent())).inverse
        var steps: [Matrix] = []
        var above = rate
        for level in stride(from: servers - 1, through: 0, by: -1) {
            above = up(level) * (-1 * (local(level + 1) + above * down(level + 2))).inverse
            steps.append(above)
        }
        var state = Matrix.identity(1)
        var idle = 0.0
        for step in steps.reversed() {
            idle += state.values.reduce(0, +)
            state = state * step
        }
        let rest = (Matrix.identity(servers + 1) - rate).inverse
        let busy = state * rest
        let all = busy.values.reduce(0, +)
        let queue = (busy * rate * rest).values.reduce(0, +)
        return (all / (idle + all), queue / (idle + all))
    }
}
