import Queueing

/// Launches slots when, and only when, what is waiting and what is expected could not start in time without them.
///
/// Section 3 of *The promise*: the demand bound T3 says what must be launched now, steady-state staffing T7 what is
/// needed in the long run, ski rental T10 how long an idle slot is kept, and T2 whether one may leave. No growth while
/// all service has become slow.
public struct Foresight: ScalingPolicy {
    /// Its name in the configuration.
    public static let name = "foresight"

    /// Settings that nobody should need to change; set on other workloads than those they are judged by.
    public struct Knobs: Sendable, Hashable {
        /// The share of W that is kept for surprises: plans are made for the rest.
        public var guardShare = 0.2
        /// The same in steady-state staffing, whose formula is one of chance already.
        public var staffingGuardShare = 0.1
        /// Standard deviations of the work that comes by chance that the guard must hold, for the demand bound to keep
        /// the promise by itself.
        public var chance = 2.0
        /// Standard deviations by which a short window of arrivals must differ from the last minute to be believed.
        public var confidence = 3.0
        /// How far the demand bound looks beyond the start-up, as a share of W.
        public var look = 0.5
        /// Seconds in which late tasks are worked off where they stand behind the others.
        public var lateDrain = 60.0
        /// How long a slot may be idle, in costs of launching it again: 1 is ski rental. nil takes 1 where W leaves no
        /// time to react, else a quarter.
        public var idle: Double?
        /// The least such time, in seconds: a cheap launch is no reason to change the fleet at every tick.
        public var idleMin = 3.0

        /// The defaults.
        public init() {}
    }

    /// What the queue promises. May change while running.
    public var level: ServiceLevel
    /// D: the start-up that is expected of a launched slot, in seconds. Set it to what is measured.
    public var startup: Double
    /// Settings of the rule.
    public let knobs: Knobs
    /// Seconds between two decisions.
    public let interval = 1.0
    var enough = SlidingMaximum()
    /// The slots there were when service became slow; nil while it is not.
    private var frozenAt: Int?

    /// A policy for a queue with that promise.
    public init(level: ServiceLevel, knobs: Knobs = Knobs()) {
        self.level = level
        startup = level.startup
        self.knobs = knobs
    }

    /// Learns D.
    public mutating func learn(startup: Double) { self.startup = startup }

    /// The slots wanted now; nil where nothing shall change.
    public mutating func decide(_ sample: QueueSample, _ load: LoadEstimator) -> ScalingAdvice? {
        let plan = Plan(level, startup: startup, knobs: knobs)
        let news = load.rate(up: 2, down: 2, jump: plan.jumps, confidence: knobs.confidence)
        let rate = load.rate(up: plan.rise, down: 2, jump: plan.jumps, confidence: knobs.confidence)
        let steady = max(steadySlots(rate: rate, load, plan), reserve(load))
        let curve = DemandCurve(
            sample, serviceMean: load.serviceMean, rate: news, limit: plan.limit,
            lateAreFirst: level.overflow == .accept)
        let demand = launches(curve, sample, load, plan)
        let wanted = max(steady, demand > 0 ? sample.current + Numeral.ceiling(demand) : 0)
        let allowed = fit(fused(wanted, sample, load), plan)
        if allowed > sample.current {
            enough.add(allowed, at: sample.now)
            let reason = growth(allowed - sample.current, news, curve, sample, load, plan, isDemand: wanted > steady)
            return ScalingAdvice(slots: allowed, reason: reason)
        }
        let needed = Numeral.ceiling(lowest(curve, sample, load, plan))
        // What was found at the beginning may be needed; nobody has looked yet.
        let found = load.age < LoadEstimator.unknownSeconds ? sample.current : 0
        enough.add(max(steady, needed, keepingPromises(sample), found), at: sample.now)
        let floor = fit(enough.maximum(since: sample.now - plan.idle) ?? sample.current, plan)
        guard floor < sample.current else { return nil }
        return ScalingAdvice(slots: floor, reason: shrinking(to: floor, rate, sample, plan))
    }

    // MARK: How many

    /// T7: slots that keep all but ε in time in the long run; only those for the mean where a launch comes in time.
    private func steadySlots(rate: Double, _ load: LoadEstimator, _ plan: Plan) -> Int {
        let offered = rate * load.serviceMean
        // An attempt that outlasts W takes a slot away rather than adds work, and Erlang's C has counted that. Against
        // simulated log-normal service (c² = 4, 10, 30; W = 2 to 20 m; 1.5 to 20 busy) half of the excess over 1 is
        // within a slot of what is needed; all of it buys up to four too many.
        let variation = min(load.serviceVariation, (1 + load.serviceVariation) / 2)
        if plan.slack > 0 {
            let variance = load.serviceMean * offered * (startup + plan.farthest) * (1 + variation)
            let held = (level.limit - plan.limit) * offered
            if held >= knobs.chance * variance.squareRoot() { return Numeral.ceiling(offered) }
        }
        let rule = try? StaffingRule(
            wait: level.limit * (1 - knobs.staffingGuardShare), lateShare: level.miss, serviceTime: load.serviceMean,
            arrivalVariation: 1, serviceVariation: variation)
        return (try? rule?.servers(load: offered)) ?? Numeral.ceiling(offered)
    }

    /// The slots that T5 asks to hold for a step by the factor κ that nobody announces.
    private func reserve(_ load: LoadEstimator) -> Int {
        guard level.burst > 0 else { return 0 }
        let usual = load.rate(up: LoadEstimator.rateWindow, down: .infinity)
        // A tick to see it and a tick to act.
        let share = max(0, 1 - level.limit / (startup + 2 * interval))
        return Numeral.ceiling(level.burst * usual * load.serviceMean * share)
    }

    /// T3: slots to launch now, not rounded; what is late whatever is launched is worked off at leisure.
    private func launches(_ curve: DemandCurve, _ sample: QueueSample, _ load: LoadEstimator, _ plan: Plan) -> Double {
        let lost = max(0, curve.work(startup) - curve.capacity(startup))
        var most = 0.0
        let from = max(plan.nearest, load.serviceMean)
        for seconds in Plan.points(from, max(plan.farthest, from), count: 16) {
            let end = startup + seconds
            most = max(most, (curve.work(end) - lost - curve.capacity(end)) / seconds)
        }
        let behind = level.overflow == .accept ? 0 : load.serviceMean * Double(sample.late)
        guard lost + behind > 0 else { return most }
        // Where late tasks stand before the others they make them late as well; half of what a launch costs is quick.
        let seconds = level.overflow == .accept ? max((startup + level.teardown) / 2, 1) : knobs.lateDrain
        let end = startup + seconds
        return max(most, (curve.work(end) + behind - curve.capacity(end)) / seconds)
    }

    /// The constant number of slots that is enough from now on.
    private func lowest(_ curve: DemandCurve, _ sample: QueueSample, _ load: LoadEstimator, _ plan: Plan) -> Double {
        var most = 0.0
        let from = max(1, load.serviceMean)
        for seconds in Plan.points(from, max(plan.limit + startup, from), count: 24) {
            // The first attempts of those that stay are half done.
            most = max(most, curve.work(seconds) / (seconds - load.serviceMean / 2))
        }
        guard level.overflow != .accept, sample.late > 0 else { return most }
        let late = load.serviceMean * Double(sample.late)
        return max(most, (curve.work(knobs.lateDrain) + late) / knobs.lateDrain)
    }

    /// T2: the slots below which a task that waits could start late, whatever the service times are. Only where that
    /// was promised; elsewhere ``lowest(_:_:_:_:)`` is the same for mean service times.
    private func keepingPromises(_ sample: QueueSample) -> Int {
        guard case .hard(let crashes) = level.mode, sample.waiting > sample.late else { return 0 }
        var (ahead, needed) = (sample.late, 0)
        for age in sample.waitingByAge.indices.reversed() where sample.waitingByAge[age] > 0 {
            ahead += sample.waitingByAge[age]
            let slack = level.limit - Double(age + 1) * sample.ageStep
            let rounds = max(slack / level.serviceMax, 0).rounded(.down)
            // Nothing keeps this one for certain; then nothing may leave.
            guard rounds >= 1 else { return sample.current }
            needed = max(needed, Numeral.ceiling(Double(ahead + crashes) / rounds) + crashes)
        }
        return needed
    }

    // MARK: Bounds

    private mutating func fused(_ wanted: Int, _ sample: QueueSample, _ load: LoadEstimator) -> Int {
        guard load.slowdown != nil else {
            frozenAt = nil
            return wanted
        }
        // Lost slots may be replaced.
        let most = max(frozenAt ?? 0, sample.current)
        frozenAt = most
        return min(wanted, most)
    }

    /// Whole workers, within the bounds. To zero only where a slot can be launched in time (T4).
    private func fit(_ slots: Int, _ plan: Plan) -> Int {
        let perWorker = max(1, level.tasksPerWorker)
        let bounds = level.slots
        let least = max(bounds.lowerBound, plan.slack > 0 ? 0 : perWorker)
        let whole = (min(slots, bounds.upperBound) + perWorker - 1) / perWorker * perWorker
        return min(max(whole, least), bounds.upperBound)
    }
}
