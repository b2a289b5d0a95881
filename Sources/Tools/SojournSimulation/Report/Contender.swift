public import SojournPromise

/// A policy as it takes part in a comparison.
public struct Contender: Sendable {
    /// Its name in tables.
    public var label: String
    /// Makes the policy for a promise and a workload; nil where the name means nothing.
    public var policy: @Sendable (ServiceLevel, Workload) -> (any ScalingPolicy)?
    /// What else is different when it runs.
    public var adjust: @Sendable (inout SimulationSettings) -> Void

    /// A contender from its parts.
    public init(
        _ label: String, policy: @escaping @Sendable (ServiceLevel, Workload) -> (any ScalingPolicy)?,
        adjust: @escaping @Sendable (inout SimulationSettings) -> Void = { _ in }
    ) {
        self.label = label
        self.policy = policy
        self.adjust = adjust
    }

    /// A policy by its name in the configuration, first come first served.
    public static func named(_ name: String) -> Contender {
        Contender(name) { level, workload in
            ScalingPolicies.make(
                name: name, level: level, meanServiceTime: workload.serviceTime, nominalRate: workload.nominalRate)
        }
    }

    /// The same policy where late tasks step back.
    public func demoting() -> Contender {
        with(label: "\(label), demoting") {
            $0.order = .demote
            $0.level.overflow = .demote
        }
    }

    /// The same policy where late tasks step back, and those that would be late are refused.
    public func rejecting() -> Contender {
        with(label: "\(label), rejecting") {
            $0.order = .demote
            $0.admission = true
            $0.level.overflow = .reject
        }
    }

    /// The smallest constant number of slots that starts a share of `1 - miss` in time: what hindsight would have set.
    public static let bestConstant = Contender("best constant") { level, workload in
        StaticFleet(slots: StaticFleet.fewest(for: workload, level))
    }

    private func with(
        label: String, _ change: @escaping @Sendable (inout SimulationSettings) -> Void
    ) -> Contender {
        let adjust = adjust
        return Contender(label, policy: policy) {
            adjust(&$0)
            change(&$0)
        }
    }
}

extension StaticFleet {
    /// Bisects: more slots are never worse for a line that is served in order.
    fileprivate static func fewest(for workload: Workload, _ level: ServiceLevel) -> Int {
        var low = max(1, Int(exactly: (workload.work / workload.horizon).rounded(.down)) ?? 1)
        var high = max(low, level.slots.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            var settings = SimulationSettings(level: level)
            settings.order = .fifo
            settings.admission = false
            settings.initialSlots = middle
            let waits = Simulator.run(workload, settings, policy: StaticFleet(slots: middle)).waits
            let late = waits.count { $0 > level.limit + 1e-9 }
            if Double(late) <= level.miss * Double(waits.count) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
