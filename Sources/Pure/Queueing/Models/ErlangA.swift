/// Erlang A, M/M/c+M: like M/M/c, but a task whose exponential patience ends before its service starts leaves the line.
///
/// Palm 1957; Garnett, Mandelbaum & Reiman 2002. Exact birth–death solution, steady for every load.
/// Times in seconds, rates per second.
public struct ErlangA: Equatable, Sendable {
    /// Arrivals per second, λ.
    public let arrivalRate: Double
    /// The mean service time in seconds.
    public let serviceTime: Double
    /// The number of servers, c.
    public let servers: Int
    /// The mean patience 1/θ in seconds.
    public let meanPatience: Double
    /// The share of arrivals that find all servers busy.
    public let waitProbability: Double
    /// The mean number of waiting tasks.
    public let meanQueueLength: Double

    /// - Throws: `QueueingError` for numbers outside their range, or a patience so long that the steady state is
    ///   spread over more than ten million states (use `MMc` there).
    public init(
        arrivalRate: Double, serviceTime: Double, servers: Int, meanPatience: Double
    ) throws(QueueingError) {
        try Require.positive(arrivalRate, "arrivalRate")
        try Require.positive(serviceTime, "serviceTime")
        try Require.positive(meanPatience, "meanPatience")
        try Require.count(servers, "servers")
        // In units of the patience: arrivals, and departures while all servers are busy.
        let arrivals = arrivalRate * meanPatience
        let services = Double(servers) / serviceTime * meanPatience
        let spread = 10 * max(arrivals, services).squareRoot()
        let reach = arrivals < services ? 46 / Libm.log(services / arrivals) : .infinity
        guard arrivals < 1e15, min(spread, reach) < Double(Require.mostServers) else {
            throw .invalid(field: "meanPatience", value: meanPatience, valid: "short enough to matter")
        }
        self.arrivalRate = arrivalRate
        self.serviceTime = serviceTime
        self.servers = servers
        self.meanPatience = meanPatience
        let sums = ErlangA.sums(arrivals: arrivals, services: services)
        let below = Erlang.inverseBlocking(servers: Double(servers), load: arrivalRate * serviceTime)
        let total = sums.all + (sums.first == 0 ? 0 : (below - 1) * sums.first)
        waitProbability = sums.all / total
        meanQueueLength = sums.moment / total
    }

    /// The share of arrivals that leave without service: θ·(mean queue)/λ.
    public var abandonProbability: Double { meanQueueLength / (meanPatience * arrivalRate) }

    /// The mean time in line in seconds, over all arrivals, whether served or not: Little's law.
    public var meanWait: Double { meanQueueLength / arrivalRate }

    /// Weights of "j waiting", j ≥ 0, relative to the likeliest j: the first, their sum, and the sum of j·weight.
    ///
    /// Going out from the top in both directions nothing overflows and the work is O(√(λ/θ)).
    private static func sums(arrivals: Double, services: Double) -> (first: Double, all: Double, moment: Double) {
        let top = max(0, (arrivals - services).rounded(.down))
        var all = 1.0
        var moment = top
        var term = 1.0
        var waiting = top
        while term > 1e-25 {
            waiting += 1
            term *= arrivals / (services + waiting)
            all += term
            moment += waiting * term
        }
        term = 1
        waiting = top
        while waiting >= 1, term > 1e-25 {
            term *= (services + waiting) / arrivals
            waiting -= 1
            all += term
            moment += waiting * term
        }
        return (waiting == 0 ? term : 0, all, moment)
    }
}
