public import SojournPromise

/// A queue with several slots in virtual time, run by the same meter, estimator, policy and admission rule as a live
/// one.
///
/// The next thing that happens is the earliest of a crash, an end, an arrival, a slot that gets ready, and a decision
/// of the policy, in this order where instants are equal. Nothing is random: the workload says it all.
public struct Simulator {
    private let settings: SimulationSettings
    private var policy: any ScalingPolicy
    private var load: LoadEstimator
    private var rule: AdmissionRule
    private var calibration = Calibration()
    private var meter: TrafficMeter
    /// λ̂ of the last decision: what the admission of a live queue has as well.
    private var arrivalRate: Double
    private var fleet: Fleet
    private var record: Simulation

    private var now = 0.0
    private var arrived = 0
    private var crashes: ArraySlice<SimulationSettings.Crash>
    private var nextDecision = 0.0
    private var onTime = TaskLine()
    private var late = TaskLine()
    private var startsFromLine = 0
    private var running = FinishHeap()
    /// Since when a task waits: its arrival, or the crash of its slot.
    private var available: [Double]
    /// When the attempt that runs, or ran last, started.
    private var begun: [Double]
    /// What the tasks were quoted that found no idle slot; empty where nobody is asked.
    private var quotes: [WaitQuote]
    private var joined = 0
    private var waitedInWindow = 0.0
    private var windowIsOpen = true

    private init(_ workload: Workload, _ settings: SimulationSettings, _ policy: any ScalingPolicy) {
        self.settings = settings
        self.policy = policy
        load = LoadEstimator(level: settings.level)
        arrivalRate = settings.level.arrivalRate ?? 0
        rule = AdmissionRule(settings.level)
        meter = TrafficMeter(limit: settings.level.limit)
        fleet = Fleet(
            slots: max(0, settings.initialSlots ?? workload.initialSlots), settings: settings,
            horizon: workload.horizon)
        record = Simulation(workload)
        crashes = settings.crashes.sorted { $0.instant < $1.instant }[...]
        available = workload.arrivals
        begun = Array(repeating: .nan, count: workload.arrivals.count)
        quotes = Array(repeating: WaitQuote(mean: 0, spread: 0), count: settings.admission ? begun.count : 0)
    }

    /// Runs a workload to its end: past the horizon, until every task has been started and ended.
    public static func run(
        _ workload: Workload, _ settings: SimulationSettings, policy: any ScalingPolicy
    ) -> Simulation {
        var simulator = Simulator(workload, settings, policy)
        while simulator.step() {}
        return simulator.finished()
    }

    private var workload: Workload { record.workload }
    private var nobodyWaits: Bool { onTime.isEmpty && late.isEmpty }

    /// Works off the next event; false where none is left.
    private mutating func step() -> Bool {
        let arrival = arrived < available.count ? record.workload.arrivals[arrived] : .infinity
        let end = running.next
        let isOpen = arrival < .infinity || !nobodyWaits || now < fleet.horizon
        guard isOpen || end < .infinity else { return false }
        let ready = fleet.pending.first ?? .infinity
        let decision = isOpen ? nextDecision : .infinity
        let instant = min(min(arrival, end), min(ready, decision))
        if let crash = crashes.first, crash.instant <= instant {
            crashes.removeFirst()
            advance(to: max(now, crash.instant))
            lose(crash.slots)
            return true
        }
        advance(to: instant)
        if instant == end {
            endAttempt()
        } else if instant == arrival {
            arrive()
        } else if instant == ready {
            fleet.becomeReady()
            fill()
        } else {
            decide()
        }
        return true
    }

    private mutating func advance(to instant: Double) {
        record.events += 1
        if windowIsOpen, instant >= fleet.horizon { closeWindow() }
        if instant > now { fleet.bill(from: now, to: instant) }
        now = instant
    }

    // MARK: Events

    private mutating func endAttempt() {
        guard let task = running.pop()?.task else { return }
        meter.finish(since: begun[Int(task)], at: now)
        guard fleet.release(at: now) else { return }
        if let next = nextTask() {
            begin(next)
        } else {
            fleet.busy -= 1
            fleet.idle += 1
        }
    }

    private mutating func arrive() {
        let task = Int32(truncatingIfNeeded: arrived)
        arrived += 1
        guard isAdmitted(Int(task)) else {
            record.admitted[Int(task)] = false
            return meter.refuse()
        }
        meter.arrive(at: now)
        countJoin()
        if fleet.idle > 0 {
            fleet.idle -= 1
            fleet.busy += 1
            begin(task)
        } else {
            onTime.append(task)
        }
    }

    /// A task that finds an idle slot starts at once, and nobody is asked.
    private mutating func isAdmitted(_ task: Int) -> Bool {
        guard settings.admission, fleet.idle == 0 else { return true }
        sortOutLate()
        var outlook = AdmissionOutlook(now: now)
        outlook.ready = fleet.ready
        outlook.busy = fleet.busy
        outlook.pending = fleet.pending
        outlook.ahead = onTime.count
        outlook.launchable = max(0, settings.level.slots.upperBound - fleet.current)
        outlook.launchDelay = settings.level.startup + policy.interval
        outlook.serviceMean = load.serviceMean
        outlook.serviceVariance = load.serviceVariance
        outlook.arrivalRate = arrivalRate
        guard case .admitted(let quote) = rule.decide(outlook) else { return false }
        let bound = calibration.bound(quote)
        if bound.isFinite { (quotes[task], record.quoted[task]) = (quote, bound) }
        return true
    }

    private mutating func decide() {
        let sample = meter.sample(at: now, ready: fleet.ready, pending: fleet.pending)
        load.update(sample)
        arrivalRate = load.arrivalRate
        let wanted = policy.decide(sample, load)?.slots ?? fleet.current
        let slots = settings.level.slots
        fleet.scale(to: max(1, min(max(wanted, slots.lowerBound), slots.upperBound)), at: now)
        fill()
        record.moments.append(
            .init(instant: now, current: fleet.current, ready: fleet.ready, waiting: onTime.count + late.count))
        nextDecision = now + max(policy.interval, 0.001)
    }

    private mutating func lose(_ slots: Int) {
        for _ in 0..<max(0, slots) {
            guard let attempt = running.removeLast() else {
                if fleet.idle > 0 { fleet.lose(busy: false) }
                continue
            }
            fleet.bill(afterHorizon: -afterHorizon(from: begun[Int(attempt.task)], to: attempt.instant))
            fleet.lose(busy: true)
            record.crashed += 1
            meter.finish(since: begun[Int(attempt.task)], at: now)
            meter.retries()
            meter.arrive(at: now)
            countJoin()
            available[Int(attempt.task)] = now
            onTime.returnToHead(attempt.task)
        }
        fill()
    }

    // MARK: Starting

    private mutating func fill() {
        while fleet.idle > 0, let task = nextTask() {
            fleet.idle -= 1
            fleet.busy += 1
            begin(task)
        }
    }

    private mutating func nextTask() -> Int32? {
        guard !nobodyWaits else { return nil }
        guard settings.order == .demote else { return onTime.popFirst() }
        sortOutLate()
        startsFromLine += 1
        if !late.isEmpty, onTime.isEmpty || startsFromLine % 10 == 0 { return late.popFirst() }
        return onTime.popFirst()
    }

    /// Moves those that can no longer be in time behind the others.
    private mutating func sortOutLate() {
        guard settings.order == .demote else { return }
        while let task = onTime.first, available[Int(task)] < now - settings.level.limit {
            _ = onTime.popFirst()
            late.append(task)
        }
    }

    private mutating func begin(_ task: Int32) {
        let index = Int(task)
        if record.started[index].isNaN { startFirst(index) }
        begun[index] = now
        let end = now + record.workload.services[index] * drift
        running.push(.init(instant: end, task: task))
        if end > fleet.horizon { fleet.bill(afterHorizon: afterHorizon(from: now, to: end)) }
        meter.start(since: available[index], at: now)
        waitedInWindow += min(now, fleet.horizon) - min(available[index], fleet.horizon)
    }

    /// The factor on service times, kept to numbers that time can go on with.
    private var drift: Double {
        guard let drift = settings.drift?(now) else { return 1 }
        return drift > 0 ? min(drift, 1e6) : 0
    }

    private mutating func startFirst(_ task: Int) {
        record.started[task] = now
        let bound = record.quoted[task]
        guard !bound.isNaN else { return }
        calibration.observe(quotes[task], bound: bound, actual: now - available[task])
    }

    private func afterHorizon(from start: Double, to end: Double) -> Double {
        max(0, end - max(start, fleet.horizon))
    }

    // MARK: Accounts

    private mutating func countJoin() {
        if now < fleet.horizon { joined += 1 }
    }

    /// Takes the queue's own account at the horizon; the tasks' times are complete only when all have started.
    private mutating func closeWindow() {
        windowIsOpen = false
        let sample = meter.sample(at: fleet.horizon, ready: fleet.ready, pending: [])
        record.littlesLaw.depth = sample.waitingSeconds / fleet.horizon
    }

    private consuming func finished() -> Simulation {
        if windowIsOpen { closeWindow() }
        let rate = Double(joined) / fleet.horizon
        let depth = record.littlesLaw.depth
        record.littlesLaw.rate = rate
        record.littlesLaw.wait = joined > 0 ? waitedInWindow / Double(joined) : 0
        record.littlesLaw.gap = depth > 0 ? abs(depth - rate * record.littlesLaw.wait) / depth : 0
        record.workerSeconds = fleet.slotSeconds
        record.scaleActions = fleet.actions
        record.launched = fleet.launched
        return record
    }
}
