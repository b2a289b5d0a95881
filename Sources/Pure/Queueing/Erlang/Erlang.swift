/// The formulas of A. K. Erlang (1917) for c servers and an offered load of a = arrival rate · mean service time.
///
/// Loads are dimensionless ("erlang": the mean number of busy servers if nobody ever waited or left), results are
/// probabilities. Arrivals are Poisson. Safe for any load from 0 to the largest number and for millions of servers.
public enum Erlang {
    /// Erlang B: the share of arrivals that find all `servers` busy and are lost (M/G/c/c; any service distribution).
    ///
    /// B(c,a) = (a^c/c!) / Σ_{k≤c} a^k/k!. Results below 1e-308 are 0.
    public static func blocking(servers: Int, load: Double) throws(QueueingError) -> Double {
        try Require.count(servers, "servers", from: 0)
        try Require.notNegative(load, "load")
        return 1 / inverseBlocking(servers: Double(servers), load: load)
    }

    /// Erlang C: the share of arrivals that must wait (M/M/c, exponential service, patient arrivals).
    ///
    /// C(c,a) = c·B / (c − a·(1−B)); 1 where `load` ≥ `servers`, for then the queue grows for ever.
    public static func waiting(servers: Int, load: Double) throws(QueueingError) -> Double {
        try Require.count(servers, "servers")
        try Require.notNegative(load, "load")
        return waiting(servers: Double(servers), load: load)
    }

    /// The load at which `servers` lose just the share `blocking` of the arrivals: the inverse of Erlang B in `load`.
    ///
    /// Newton's method on ln B with d ln B/d ln a = c − a(1−B), inside a bracket: B(c,a) ≤ B(1,a) gives
    /// a ≥ p/(1−p), and no more than c servers can be busy, so a ≤ c/(1−p).
    public static func load(servers: Int, blocking: Double) throws(QueueingError) -> Double {
        try Require.count(servers, "servers")
        try Require.share(blocking, "blocking")
        let count = Double(servers)
        var low = blocking / (1 - blocking)
        var high = count / (1 - blocking)
        var load = low
        for _ in 0..<200 {
            let inverse = inverseBlocking(servers: count, load: load)
            let excess = -(Libm.log(inverse) + Libm.log(blocking))
            if excess < 0 { low = load } else { high = load }
            let newton = load - load * excess / (count - load * (1 - 1 / inverse))
            let middle = low.squareRoot() * high.squareRoot()
            let next = newton > low && newton < high ? newton : middle
            guard abs(next - load) > 2 * load.ulp, high - low > 2 * low.ulp else { return next }
            load = next
        }
        return load
    }

    /// The smallest number of servers that loses at most the share `blocking` of the arrivals.
    public static func servers(load: Double, blocking: Double) throws(QueueingError) -> Int {
        try Require.share(blocking, "blocking")
        guard load >= 0, load <= Double(Require.mostServers) / 2 else {
            throw .invalid(field: "load", value: load, valid: "a number from 0 to \(Require.mostServers / 2)")
        }
        // At most c servers are busy, so a(1−B) ≤ c: fewer than a(1−p) cannot be enough.
        var count = (load * (1 - blocking)).rounded(.down)
        var inverse = inverseBlocking(servers: count, load: load)
        while inverse * blocking < 1 {
            count += 1
            inverse = 1 + count / load * inverse
        }
        return Int(count)
    }
}

extension Erlang {
    /// 1/B(c,a) = Σ_{k=0}^{c} Π_{i<k} (c−i)/a: the recursion 1/B(c) = 1 + (c/a)/B(c−1) unrolled from the top.
    ///
    /// All terms are positive, so nothing cancels, and they die out after about 10√a of them (more only where c > a):
    /// a load of a million costs some ten thousand steps, not a million. Infinite where B is below 1e-308.
    static func inverseBlocking(servers: Double, load: Double) -> Double {
        var sum = 1.0
        var term = 1.0
        var left = servers
        while left >= 1, sum < .infinity {
            term *= left / load
            sum += term
            left -= 1
            // Terms grow while left > load, so a negligible one is past the top.
            if term < sum * 1e-20 { break }
        }
        return sum
    }

    /// Erlang C as 1/(ρ + (1−ρ)/B): the textbook form without its subtraction.
    static func waiting(servers: Double, load: Double) -> Double {
        guard load < servers else { return 1 }
        let utilization = load / servers
        let idle = (servers - load) / servers
        return 1 / (utilization + idle * inverseBlocking(servers: servers, load: load))
    }
}
