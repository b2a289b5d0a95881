/// Which capacity a set of deadlines needs (T3), in the fluid view: work can be split and put on any server.
///
/// Assumptions: capacities are known as functions of time; work is done in the order of deadlines.
/// Proof: nothing but that capacity can do the work due by τ, so it must suffice for every τ; and if it does, the order
/// of deadlines meets them all.
public struct DemandBound: Equatable, Sendable {
    /// Work that must be done by some instant.
    public struct Demand: Equatable, Sendable {
        /// Seconds from now.
        public let deadline: Double
        /// Seconds of one server.
        public let work: Double

        /// - Parameters:
        ///   - deadline: Seconds from now until it is due.
        ///   - work: Seconds of one server.
        public init(deadline: Double, work: Double) {
            self.deadline = deadline
            self.work = work
        }
    }

    /// The least number of further servers to launch now, not rounded; 0 where none is needed.
    public let servers: Double
    /// The work that will be late whatever is launched, in seconds of one server.
    public let lost: Double

    /// n* = max over τ > D of (due(τ) − lost − cap(τ))/(τ − D), and lost = max over τ ≤ D of due(τ) − cap(τ), ≥ 0.
    ///
    /// Lost work counts as put last, behind everything that can still be in time.
    /// - Parameters:
    ///   - demands: What is due, in any order.
    ///   - delay: Seconds until a server launched now begins to work, D.
    ///   - capacity: The work that present servers, and those under way, can do until so many seconds from now. It must
    ///     not fall; called once per deadline.
    /// - Throws: `QueueingError` for numbers outside their range.
    public init(
        demands: [Demand], delay: Double, capacity: (_ seconds: Double) -> Double
    ) throws(QueueingError) {
        try Require.notNegative(delay, "delay")
        for demand in demands {
            try Require.finite(demand.deadline, "deadline")
            try Require.notNegative(demand.work, "work")
        }
        var due = 0.0
        var lost = 0.0
        var servers = 0.0
        // `due` jumps at the deadlines and `capacity` never falls, so the maximum is at a deadline.
        for demand in demands.sorted(by: { $0.deadline < $1.deadline }) {
            due += demand.work
            let missing = due - (demand.deadline > 0 ? capacity(demand.deadline) : 0)
            if demand.deadline <= delay {
                lost = max(lost, missing)
            } else {
                servers = max(servers, (missing - lost) / (demand.deadline - delay))
            }
        }
        self.servers = servers
        self.lost = lost
    }
}
