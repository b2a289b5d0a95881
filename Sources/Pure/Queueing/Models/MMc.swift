/// M/M/c: Poisson arrivals, exponential service times, c equal servers, one endless first-come-first-served line.
///
/// Source: Erlang 1917; Gross & Harris, Fundamentals of Queueing Theory, chapter 2. Exact in steady state.
/// Rates are per second, times in seconds.
public struct MMc: Equatable, Sendable {
    /// Arrivals per second, λ.
    public let arrivalRate: Double
    /// The mean service time m in seconds.
    public let serviceTime: Double
    /// The number of servers, c.
    public let servers: Int
    /// The offered load a = λ·m, in servers.
    public let load: Double
    /// The share of arrivals that wait at all: Erlang C.
    public let waitProbability: Double

    /// - Throws: `QueueingError` for numbers outside their range and where λ·m ≥ c.
    public init(arrivalRate: Double, serviceTime: Double, servers: Int) throws(QueueingError) {
        load = try Require.stableLoad(arrivalRate: arrivalRate, serviceTime: serviceTime, servers: servers)
        self.arrivalRate = arrivalRate
        self.serviceTime = serviceTime
        self.servers = servers
        waitProbability = Erlang.waiting(servers: Double(servers), load: load)
    }

    /// The share of its time that a server is busy, ρ = a/c.
    public var utilization: Double { load / Double(servers) }

    /// The mean wait before service in seconds, over all arrivals: C·m/(c−a).
    public var meanWait: Double { waitProbability * serviceTime / (Double(servers) - load) }

    /// The mean number of waiting tasks, by Little's law λ·(mean wait).
    public var meanQueueLength: Double { waitProbability * load / (Double(servers) - load) }

    /// The mean time from arrival to the end of service, in seconds.
    public var meanTimeInSystem: Double { meanWait + serviceTime }

    /// The mean number of tasks waiting or in service.
    public var meanNumberInSystem: Double { meanQueueLength + load }

    /// The share of time in which nobody is there: 1/[Σ_{k<c} a^k/k! + (a^c/c!)·c/(c−a)]; 0 where below 1e-308.
    public var emptyProbability: Double {
        var term = 1.0
        var sum = 1.0
        for count in 1...servers {
            term *= load / Double(count)
            guard count < servers else { return 1 / (sum + term * Double(servers) / (Double(servers) - load)) }
            sum += term
            if sum == .infinity || (Double(count) > load && term < sum * 1e-20) { break }
        }
        return 1 / sum
    }

    /// The share of arrivals that wait longer than `time` seconds: C·exp(−(c−a)·t/m).
    public func waitTail(beyond time: Double) throws(QueueingError) -> Double {
        try Require.notNegative(time, "time")
        return waitProbability * Libm.exp(-(Double(servers) - load) * time / serviceTime)
    }

    /// The wait in seconds that the given share of arrivals does not exceed; 0 where that share does not wait at all.
    public func waitPercentile(_ share: Double) throws(QueueingError) -> Double {
        try Require.share(share, "share")
        let excess = waitProbability / (1 - share)
        return excess <= 1 ? 0 : Libm.log(excess) * serviceTime / (Double(servers) - load)
    }
}
