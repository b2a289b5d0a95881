extension Foresight {
    /// The times that follow from the promise and from the start-up.
    struct Plan {
        /// W less the guard.
        let limit: Double
        /// The time in which reacting is still enough.
        let slack: Double
        /// Whether a significant rise of arrivals is believed at once.
        let jumps: Bool
        /// The shortest window of arrivals that may raise what the long run is staffed for, in seconds: where there is
        /// time to react, the demand bound deals with the news.
        let rise: Double
        /// Where the demand bound looks, in seconds beyond the start-up.
        let nearest: Double
        let farthest: Double
        /// How long slots must have been too many before they go.
        let idle: Double

        init(_ level: ServiceLevel, startup: Double, knobs: Knobs) {
            limit = level.limit * (1 - knobs.guardShare)
            slack = max(0, limit - startup)
            jumps = slack == 0
            rise = max(2, (3 * slack).rounded(.down))
            nearest = max(2, knobs.look * level.limit)
            farthest = max(4, knobs.look * level.limit, slack)
            idle = max(knobs.idleMin, (startup + level.teardown) * (knobs.idle ?? (slack > 0 ? 0.25 : 1)))
        }

        /// `count` points from `low` to `high`, both included.
        static func points(_ low: Double, _ high: Double, count: Int) -> some Sequence<Double> {
            (0..<count).lazy.map { low + (high - low) * Double($0) / Double(count - 1) }
        }
    }

    /// Why slots are launched.
    func growth(
        _ count: Int, _ rate: Double, _ curve: DemandCurve, _ sample: QueueSample, _ load: LoadEstimator, _ plan: Plan,
        isDemand: Bool
    ) -> String {
        guard sample.current >= level.slots.lowerBound else {
            return "\(level.slots.lowerBound) slots are the fewest allowed: launch \(count)"
        }
        let rateText = "λ \(Numeral.short(rate))/s"
        let mean = Numeral.short(load.serviceMean)
        let within = "\(Numeral.short(level.limit)) s"
        guard isDemand else {
            let share = Numeral.short(100 * (1 - level.miss))
            return "\(rateText) of \(mean) s each: more slots for \(share) % to start within \(within): launch \(count)"
        }
        let coming = sample.pending.first.map {
            " and \(sample.pending.count) more from \(Numeral.short(max(0, $0 - sample.now))) s on"
        }
        let end = startup + max(plan.nearest, load.serviceMean)
        let due = "\(Numeral.short(curve.due(end))) must start within \(Numeral.short(end)) s"
        let late = sample.late > 0 ? ", \(sample.late) late" : ""
        return "\(rateText), \(sample.waiting) waiting\(late), \(due); \(sample.ready) slots of \(mean) s"
            + "\(coming ?? ""): launch \(count)"
    }

    /// Why slots are stopped.
    func shrinking(to slots: Int, _ rate: Double, _ sample: QueueSample, _ plan: Plan) -> String {
        "λ \(Numeral.short(rate))/s, \(slots) slots have been enough for \(Numeral.short(plan.idle)) s: "
            + "stop \(sample.current - slots)"
    }
}
