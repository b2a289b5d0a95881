/// M/M/c/K: like M/M/c, but an arrival that finds `capacity` tasks in the system (waiting or served) is turned away.
///
/// Exact birth–death solution (Gross & Harris, chapter 2), steady for every load. Times in seconds, rates per second.
public struct MMcK: Equatable, Sendable {
    /// Arrivals per second, λ, those turned away included.
    public let arrivalRate: Double
    /// The mean service time in seconds.
    public let serviceTime: Double
    /// The number of servers, c.
    public let servers: Int
    /// The most tasks in the system at once, K ≥ c.
    public let capacity: Int
    /// The share of arrivals that are turned away.
    public let blockingProbability: Double
    /// The share of all arrivals that are admitted but must wait.
    public let waitProbability: Double
    /// The mean number of waiting tasks.
    public let meanQueueLength: Double

    /// - Throws: `QueueingError` for numbers outside their range, or `capacity` below `servers`.
    public init(
        arrivalRate: Double, serviceTime: Double, servers: Int, capacity: Int
    ) throws(QueueingError) {
        try Require.positive(arrivalRate, "arrivalRate")
        try Require.positive(serviceTime, "serviceTime")
        try Require.count(servers, "servers")
        try Require.count(capacity, "capacity", from: servers)
        let load = arrivalRate * serviceTime
        try Require.positive(load, "arrivalRate · serviceTime")
        self.arrivalRate = arrivalRate
        self.serviceTime = serviceTime
        self.servers = servers
        self.capacity = capacity
        let states = MMcK.weights(
            room: capacity - servers, utilization: load / Double(servers),
            below: Erlang.inverseBlocking(servers: Double(servers), load: load))
        blockingProbability = states.full
        waitProbability = states.waiting
        meanQueueLength = states.queue
    }

    /// The mean wait in seconds of those who are admitted.
    public var meanWait: Double { meanQueueLength / (arrivalRate * (1 - blockingProbability)) }

    /// The probabilities of "full" and of "busy but not full", and the mean queue.
    ///
    /// State c+j has the weight ρ^j relative to state c, the states up to c together `below` = 1/B. For ρ > 1 we count
    /// from the full end instead, so that the largest weight is always 1 and nothing overflows.
    private static func weights(
        room: Int, utilization: Double, below: Double
    ) -> (full: Double, waiting: Double, queue: Double) {
        let falling = utilization <= 1
        let ratio = falling ? utilization : 1 / utilization
        var term = 1.0
        var sum = 0.0
        var moment = 0.0
        for step in 0...room {
            sum += term
            moment += Double(falling ? step : room - step) * term
            // What is left is at most room² such terms.
            if step < room { term *= ratio }
            if term < 1e-40 { break }
        }
        let edge = Libm.pow(ratio, Double(room))
        let atServers = falling ? 1 : edge
        let full = falling ? edge : 1
        // `below` is infinite where nobody ever queues; `atServers` may have vanished where everybody does.
        let under = atServers == 0 ? 0 : (below - 1) * atServers
        let total = under + sum
        return (full / total, (sum - full) / total, moment / total)
    }
}
