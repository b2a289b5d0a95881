/// M/G/1: Poisson arrivals, one server, any service distribution, in order of arrival.
///
/// Only the first two moments of the service time count (Pollaczek 1930, Khinchine 1932). Exact in steady state.
public struct MG1: Equatable, Sendable {
    /// Arrivals per second, λ.
    public let arrivalRate: Double
    /// The mean service time m in seconds.
    public let serviceTime: Double
    /// Variance of the service time over its squared mean, dimensionless: 0 constant, 1 exponential.
    public let serviceVariation: Double
    /// The share of time that the server is busy, and so the share of arrivals that wait: ρ = λ·m.
    public let utilization: Double

    /// - Throws: `QueueingError` for numbers outside their range and where λ·m ≥ 1.
    public init(arrivalRate: Double, serviceTime: Double, serviceVariation: Double) throws(QueueingError) {
        utilization = try Require.stableLoad(arrivalRate: arrivalRate, serviceTime: serviceTime, servers: 1)
        try Require.notNegative(serviceVariation, "serviceVariation")
        self.arrivalRate = arrivalRate
        self.serviceTime = serviceTime
        self.serviceVariation = serviceVariation
    }

    /// The mean wait before service in seconds: ρ·m·(1+c_s²)/(2(1−ρ)), the Pollaczek–Khinchine formula.
    public var meanWait: Double { utilization * serviceTime * (1 + serviceVariation) / (2 * (1 - utilization)) }

    /// The mean number of waiting tasks, by Little's law.
    public var meanQueueLength: Double { arrivalRate * meanWait }
}
