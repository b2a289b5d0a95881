/// M/M/c with classes: the most urgent waiting task goes first, but a running service is never interrupted.
///
/// All classes share the mean service time. A. Cobham 1954. Exact in steady state. Rates per second, times in seconds.
public struct PriorityMMc: Equatable, Sendable {
    /// Arrivals per second of each class, most urgent first.
    public let arrivalRates: [Double]
    /// The mean service time in seconds, of every class.
    public let serviceTime: Double
    /// The number of servers, c.
    public let servers: Int
    /// The mean wait of each class in seconds, most urgent first: W_k = W·(1−σ)/((1−σ_{k−1})(1−σ_k)), where σ_k is the
    /// utilization by classes up to k, and σ and W belong to the same system without classes.
    public let meanWaits: [Double]

    /// - Throws: `QueueingError` for numbers outside their range, no class at all, and where all classes together
    ///   keep the servers busy for ever.
    public init(arrivalRates: [Double], serviceTime: Double, servers: Int) throws(QueueingError) {
        var total = 0.0
        for rate in arrivalRates {
            try Require.notNegative(rate, "arrivalRates")
            total += rate
        }
        let plain = try MMc(arrivalRate: total, serviceTime: serviceTime, servers: servers)
        self.arrivalRates = arrivalRates
        self.serviceTime = serviceTime
        self.servers = servers
        let count = Double(servers)
        var waits: [Double] = []
        var load = 0.0
        for rate in arrivalRates {
            let before = count - load
            load += rate * serviceTime
            waits.append(plain.waitProbability * count * serviceTime / (before * (count - load)))
        }
        meanWaits = waits
    }
}
