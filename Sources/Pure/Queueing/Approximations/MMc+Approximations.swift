/// Well-known corrections of M/M/c for other service and arrival laws. None is exact; each says how it was made.
extension MMc {
    /// M/D/c by Cosmetatos (1976): ½·[1 + (1−ρ)(c−1)(√(4+5c)−2)/(16ρc)]·(mean wait of M/M/c), in seconds.
    ///
    /// Within some 2 % of `MDc` for ρ ≥ 0.5; too large under light load.
    public var cosmetatosMeanWait: Double {
        guard meanWait > 0 else { return 0 }
        let count = Double(servers)
        let spread = (1 - utilization) * (count - 1) * ((4 + 5 * count).squareRoot() - 2)
        return 0.5 * (1 + spread / (16 * utilization * count)) * meanWait
    }

    /// M/G/c by Kimura (1986): the harmonic mean of M/M/c and M/D/c, weighted by the variation, in seconds.
    ///
    /// (1+c_s²) / (2c_s²/W(M/M/c) + (1−c_s²)/W(M/D/c)), with Cosmetatos for M/D/c.
    /// - Parameter serviceVariation: Variance over squared mean of the service time, 0 or above.
    public func kimuraMeanWait(serviceVariation: Double) throws(QueueingError) -> Double {
        try Require.notNegative(serviceVariation, "serviceVariation")
        guard meanWait > 0 else { return 0 }
        let constant = cosmetatosMeanWait / meanWait
        return (1 + serviceVariation) / (2 * serviceVariation + (1 - serviceVariation) / constant) * meanWait
    }

    /// G/G/c by Allen and Cunneen (1978): (mean wait of M/M/c)·(c_a²+c_s²)/2, in seconds.
    ///
    /// Exact for M/M/c and for M/G/1.
    /// - Parameters:
    ///   - arrivalVariation: Variance over squared mean of the time between arrivals; 1 for Poisson arrivals.
    ///   - serviceVariation: The same of the service time; 1 for exponential service.
    public func allenCunneenMeanWait(
        arrivalVariation: Double, serviceVariation: Double
    ) throws(QueueingError) -> Double {
        try Require.notNegative(arrivalVariation, "arrivalVariation")
        try Require.notNegative(serviceVariation, "serviceVariation")
        return meanWait * (arrivalVariation + serviceVariation) / 2
    }

    /// G/G/c tail: P(wait > t) ≈ C·exp(−2(c−a)t/(m(c_a²+c_s²))). Exact for M/M/c, a heavy-traffic guess otherwise.
    ///
    /// The exponent is that of reflected Brownian motion (J. Kingman 1962), the factor is Erlang's.
    /// - Parameters:
    ///   - time: The wait t in seconds.
    ///   - arrivalVariation: Variance over squared mean of the time between arrivals.
    ///   - serviceVariation: The same of the service time.
    public func approximateWaitTail(
        beyond time: Double, arrivalVariation: Double, serviceVariation: Double
    ) throws(QueueingError) -> Double {
        try Require.notNegative(time, "time")
        try Require.notNegative(arrivalVariation, "arrivalVariation")
        try Require.notNegative(serviceVariation, "serviceVariation")
        let decay = StaffingRule.decay(
            wait: time, serviceTime: serviceTime, variations: arrivalVariation + serviceVariation)
        return waitProbability * Libm.exp(-decay * (Double(servers) - load))
    }
}

/// One server, any arrivals, any service: a bound that always holds.
public enum Kingman {
    /// GI/G/1: the mean wait is at most λ(σ_a²+σ_s²)/(2(1−ρ)) seconds (J. Kingman 1962); reached as ρ → 1.
    ///
    /// Assumes independent, equally distributed arrival distances and service times.
    /// - Parameters:
    ///   - arrivalRate: Arrivals per second, λ.
    ///   - serviceTime: The mean service time in seconds.
    ///   - arrivalVariation: Variance over squared mean of the time between arrivals.
    ///   - serviceVariation: The same of the service time.
    public static func meanWaitBound(
        arrivalRate: Double, serviceTime: Double, arrivalVariation: Double, serviceVariation: Double
    ) throws(QueueingError) -> Double {
        let utilization = try Require.stableLoad(arrivalRate: arrivalRate, serviceTime: serviceTime, servers: 1)
        try Require.notNegative(arrivalVariation, "arrivalVariation")
        try Require.notNegative(serviceVariation, "serviceVariation")
        let spread = arrivalVariation / arrivalRate + serviceVariation * serviceTime * utilization
        return spread / (2 * (1 - utilization))
    }
}

/// Many servers: with c = a + β√a the share that waits tends to a limit between 0 and 1 (S. Halfin & W. Whitt 1981).
public enum HalfinWhitt {
    /// The limit of P(wait) of M/M/c: 1/(1 + β·Φ(β)/φ(β)), Φ and φ being the normal law and its density.
    ///
    /// - Parameter beta: The spare servers in units of √a, above 0.
    public static func waitProbability(beta: Double) throws(QueueingError) -> Double {
        try Require.positive(beta, "beta")
        let law = 0.5 * Libm.erfc(-beta / 2.0.squareRoot())
        let density = Libm.exp(-beta * beta / 2) / (2 * .pi).squareRoot()
        return 1 / (1 + beta * law / density)
    }

    /// Square-root staffing: ⌈a + β√a⌉ servers for a load of a.
    public static func servers(load: Double, beta: Double) throws(QueueingError) -> Int {
        try Require.notNegative(load, "load")
        try Require.positive(beta, "beta")
        let count = (load + beta * load.squareRoot()).rounded(.up)
        guard count <= Double(Require.mostServers) else {
            throw .invalid(field: "load + beta · √load", value: count, valid: "at most \(Require.mostServers)")
        }
        return Int(count)
    }
}
