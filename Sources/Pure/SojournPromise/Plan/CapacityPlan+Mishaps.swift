public import Queueing

extension CapacityPlan {
    /// What becomes of the promise when the load is another or slots are lost, nobody launching any.
    public struct Mishap: Sendable, Hashable {
        /// ρ then.
        public var utilization: Double
        /// The share of tasks that are late in the end; 1 where the line grows for ever.
        public var lateShare: Double
        /// Seconds until the first task is late, where the line grows; infinite where it does not.
        public var firstLateAfter: Double
        /// Tasks that are late whatever anybody does, because new slots take D to start (T5).
        public var unavoidablyLate: Double
    }

    /// The load becomes `factor` times what it was, without notice.
    public func afterLoad(times factor: Double) throws(QueueingError) -> Mishap {
        try mishap(rate: question.arrivalRate * factor, slots: slots)
    }

    /// A worker with all its slots is lost.
    public func afterLosingWorker() throws(QueueingError) -> Mishap {
        try mishap(rate: question.arrivalRate, slots: max(0, slots - question.level.tasksPerWorker))
    }

    private func mishap(rate: Double, slots: Int) throws(QueueingError) -> Mishap {
        let (time, level) = (question.serviceTime, question.level)
        let load = rate * time
        let overload = try Overload(
            arrivalRate: rate, serviceTime: time, servers: slots, wait: level.limit, delay: level.startup)
        let utilization = slots > 0 ? load / Double(slots) : .infinity
        if load < Double(slots) {
            let rule = try StaffingRule(
                wait: level.limit, lateShare: level.miss, serviceTime: time,
                serviceVariation: question.serviceVariation)
            return Mishap(
                utilization: utilization, lateShare: try rule.lateShare(servers: slots, load: load),
                firstLateAfter: .infinity, unavoidablyLate: 0)
        }
        // The line grows by λ − cμ per second; a task that comes at t waits (λ/cμ − 1)·t, and starts W later.
        let first = slots > 0 ? level.limit / (1 - Double(slots) / load) : level.limit
        return Mishap(
            utilization: utilization, lateShare: 1, firstLateAfter: load > Double(slots) ? first : .infinity,
            unavoidablyLate: overload.unavoidablyLate)
    }

    /// What the promise costs: the slots that other limits and shares would take.
    public struct Price: Sendable, Hashable {
        /// W in seconds.
        public var limit: Double
        /// ε, the share of tasks that may be late.
        public var miss: Double
        /// The slots that this takes.
        public var slots: Int
    }

    /// The slots for a quarter, half, the same, twice and four times W, each with several ε.
    public func prices(misses: [Double] = [0.1, 0.01, 0.001]) throws(QueueingError) -> [Price] {
        var prices: [Price] = []
        for factor in [0.25, 0.5, 1, 2, 4] {
            for miss in misses {
                let rule = try StaffingRule(
                    wait: question.level.limit * factor, lateShare: miss, serviceTime: question.serviceTime,
                    serviceVariation: question.serviceVariation)
                prices.append(
                    Price(
                        limit: question.level.limit * factor, miss: miss,
                        slots: max(1, try rule.servers(load: offeredLoad))))
            }
        }
        return prices
    }
}
