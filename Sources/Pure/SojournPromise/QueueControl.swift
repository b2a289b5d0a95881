public import SojournModel

/// The slots that serve a queue, as its admission and its scaling see them.
public struct FleetOutlook: Sendable, Hashable {
    /// Slots that claim tasks.
    public var ready: Int
    /// Slots of these that run an attempt, of whatever queue.
    public var busy: Int
    /// When slots that were launched will be ready, in seconds, in ascending order.
    public var pending: [Double]
    /// Slots that may still be launched.
    public var launchable: Int
    /// Work of other queues that will be done first by the same slots, in slot-seconds.
    public var workOfOthers: Double
    /// The share of the starts of these slots that are for this queue.
    public var share: Double

    /// A fleet without slots.
    public init() {
        ready = 0
        busy = 0
        pending = []
        launchable = 0
        workOfOthers = 0
        share = 1
    }
}

/// Everything that is kept of one queue to keep its promise: what was counted, what is estimated, what was promised,
/// and the books on whether that was kept. Pure: instants come from outside.
///
/// A few additions and one logarithm per event; about 20 KB.
public struct QueueControl: Sendable {
    /// Seconds that a claim takes where a slot is free: a task quoted no wait that starts by then was quoted right.
    private static let claimTime = 0.01

    /// What the queue promises.
    public private(set) var level: ServiceLevel
    /// Whether that is a promise to anybody, or only a measure to hold the queue against.
    public let isPromised: Bool
    /// What is estimated of its load.
    public private(set) var load: LoadEstimator
    /// Whether promises were kept.
    public private(set) var ledger: PromiseLedger
    /// Whether quotes held.
    public private(set) var calibration = Calibration(grace: QueueControl.claimTime)
    /// How long tasks waited, in seconds.
    public private(set) var waits = QuantileSketch()
    /// How long attempts ran, in seconds.
    public private(set) var runs = QuantileSketch()
    /// How many tasks were refused.
    public private(set) var refusals = 0
    /// What a task that came last was told to wait at most, in seconds.
    public private(set) var lastQuote: Double?
    private var meter: TrafficMeter
    private var rule: AdmissionRule
    private var quotes = QuoteBook()
    private var lineAudit = LittlesLawAudit()
    private var slotAudit = LittlesLawAudit()
    /// What the audit of the line of waiting tasks showed at the last tick.
    public private(set) var lineReading: LittlesLawAudit.Reading?
    /// What the audits found, in words, where that is new since the last tick.
    public private(set) var newFinding: String?
    private var offsets = OffsetWatch()
    private var lastMark: Mark?
    /// Tasks that were taken and are on their way into the store.
    private var reserved = 0
    private let origin: Timestamp

    /// A queue of which nothing is known yet; `level` nil = it promises nothing.
    public init(level: ServiceLevel?, origin: Timestamp, now: Timestamp) {
        isPromised = level != nil
        self.level = level ?? ServiceLevel(limit: 60)
        self.origin = origin
        load = LoadEstimator(level: self.level)
        ledger = PromiseLedger(miss: self.level.miss)
        rule = AdmissionRule(self.level)
        meter = TrafficMeter(limit: self.level.limit, now: Self.seconds(now, since: origin))
    }

    /// Tasks that wait, those on their way into the store included.
    public var waiting: Int { max(0, meter.waiting + reserved) }
    /// Whether nobody waits, and nobody is on the way into the store.
    public var isEmpty: Bool { meter.waiting <= 0 && reserved == 0 }
    /// When a task came last, in seconds.
    public private(set) var lastArrival = 0.0
    /// Attempts that run.
    public var running: Int { meter.busy }
    /// D, in seconds: what is believed or was measured.
    public var startup: Double { level.startup }

    /// Learns how long workers take to start.
    public mutating func learn(startup: Double) {
        level.startup = startup
        rule.level.startup = startup
        load.level.startup = startup
    }

    // MARK: - The way of a task

    /// Decides on one more task that may start at once, and reserves its place; with the wait that it is quoted.
    public mutating func admit(_ task: TaskID, _ fleet: FleetOutlook, at now: Timestamp) -> AdmissionVerdict {
        let outlook = outlook(fleet, at: now)
        switch rule.decide(outlook) {
        case .admitted(let quote):
            let bound = calibration.bound(quote)
            lastQuote = bound
            reserved += 1
            if quote.mean > 0, bound.isFinite { quotes.note(task, quote, bound: bound, at: seconds(now)) }
            return .admitted(wait: bound.isFinite ? bound : nil)
        case .refused(let seconds):
            return .refused(retryAfter: seconds)
        }
    }

    /// How many tasks may wait, those on their way into the store included, as far as is known now. For a store that
    /// others fill too: what comes on top of it was not known to the decision.
    public mutating func room(_ fleet: FleetOutlook, at now: Timestamp) -> Int {
        let outlook = outlook(fleet, at: now)
        let most = max(rule.waitingMax(outlook), outlook.ready - outlook.busy)
        // Those ahead are not all that wait: late ones may stand behind, and others' work counts.
        let left = max(0, most.subtractingReportingOverflow(outlook.ahead).partialValue)
        let (sum, isTooMany) = waiting.addingReportingOverflow(left)
        return isTooMany ? .max : sum
    }

    /// Seconds after which there will be room for one more task than wait now.
    public mutating func retryAfter(_ fleet: FleetOutlook, at now: Timestamp) -> Double {
        rule.retryAfter(outlook(fleet, at: now))
    }

    /// Reserves places without a decision: the queue promises nothing, or the tasks are known.
    public mutating func reserve(_ count: Int) { reserved += count }

    /// Whether a task that may start in `delay` seconds can start in time, by what is known now. Later than the promise
    /// reaches nothing is known, and the answer is yes.
    public mutating func isInTime(after delay: Double, _ fleet: FleetOutlook, at now: Timestamp) -> Bool {
        guard level.overflow == .reject, delay <= level.limit else { return true }
        return rule.isInTime(outlook(fleet, at: now))
    }

    /// `count` tasks were refused.
    public mutating func refuse(_ count: Int) {
        refusals += count
        meter.refuse(count)
    }

    /// A task that was admitted is in the store, or is not after all.
    public mutating func entered(_ task: TaskID, availableAt: Timestamp?) {
        // Never below zero: it may have been reserved before this queue was forgotten and known again.
        reserved = max(0, reserved - 1)
        if let availableAt { waits(since: availableAt) } else { _ = quotes.take(task) }
    }

    /// A task waits for a worker since `instant`.
    public mutating func waits(since instant: Timestamp) {
        lastArrival = seconds(instant)
        meter.arrive(at: lastArrival)
        lineAudit.gauge(1, at: instant)
        lineAudit.arrive(at: instant)
    }

    /// A task that waited since `available` left without an attempt.
    public mutating func left(since available: Timestamp, at now: Timestamp) {
        meter.leave(since: seconds(available), at: seconds(now))
        lineAudit.gauge(-1, at: now)
        lineAudit.depart(since: available, at: now)
    }

    /// A task that waited since `available` was found past its deadline, and will never start. Where a start was
    /// promised, that is broken, however early the task died.
    public mutating func expired(_ task: TaskID, since available: Timestamp, wasPromised: Bool, at now: Timestamp) {
        left(since: available, at: now)
        if wasPromised { ledger.giveUp(at: seconds(now)) }
        // How long it would have waited, nobody knows; that the quote did not hold may be known.
        let waited = now.duration(since: available).inSeconds
        if let quoted = quotes.take(task), waited > quoted.bound {
            calibration.observe(quoted.quote, bound: quoted.bound, actual: waited)
        }
    }

    /// An attempt of a task started that waited since `available`.
    ///
    /// - Parameters:
    ///   - limit: the seconds within which it was promised to start; nil where it was not.
    ///   - isQuotedFree: whether it was told that it need not wait.
    public mutating func started(
        _ task: TaskID, since available: Timestamp, within limit: Double?, isQuotedFree: Bool, at now: Timestamp
    ) {
        meter.start(since: seconds(available), at: seconds(now))
        lineAudit.gauge(-1, at: now)
        lineAudit.depart(since: available, at: now)
        slotAudit.gauge(1, at: now)
        slotAudit.arrive(at: now)
        let wait = max(0, now.duration(since: available).inSeconds)
        waits.insert(wait)
        if let limit { ledger.start(promisedBy: seconds(available) + limit, at: seconds(now)) }
        if let quoted = quotes.take(task) {
            calibration.observe(quoted.quote, bound: quoted.bound, actual: wait)
        } else if isQuotedFree {
            calibration.observe(WaitQuote(mean: 0, spread: 0), bound: 0, actual: wait)
        }
    }

    /// An attempt ended that started at `start`; `reported` is when it started by the worker's own clock.
    public mutating func ended(since start: Timestamp, reported: Timestamp?, willRetry: Bool, at now: Timestamp) {
        meter.finish(since: seconds(start), at: seconds(now))
        if willRetry { meter.retries() }
        slotAudit.gauge(-1, at: now)
        slotAudit.depart(since: start, at: now)
        if let reported { slotAudit.observe(consumer: reported, backend: start) }
        runs.insert(max(0, now.duration(since: start).inSeconds))
    }

    /// An attempt that started at `start` ended somewhere else, nobody knows when: it counts as running no longer, and
    /// for no length.
    public mutating func vanished(since start: Timestamp, at now: Timestamp) {
        meter.vanish(at: seconds(now))
        slotAudit.gauge(-1, at: now)
        slotAudit.depart(since: start, at: now)
    }

    // MARK: - Every tick

    /// What was counted when the backend was asked how many wait.
    public struct Mark: Sendable, Hashable {
        var waiting: Int
        var arrived: Int
        var gone: Int
    }

    /// What is counted now; to be taken before the backend is asked.
    public var mark: Mark {
        Mark(waiting: meter.waiting, arrived: meter.arrivals, gone: meter.arrivals - meter.waiting)
    }

    /// Takes note of what the backend counted after `mark` was taken. A difference that stays was missed here: tasks of
    /// others, or a leak.
    ///
    /// - Parameter claimable: how many tasks claims that are under way may have got without it being told here yet.
    public mutating func compare(waiting: Int, with mark: Mark, claimable: Int, at now: Timestamp) {
        let present = self.mark
        // What the backend may have counted at most and at least, had nothing been missed.
        let most = mark.waiting + (present.arrived - mark.arrived) + reserved
        let isQuiet = lastMark == present && mark == present
        let least = mark.waiting - (present.gone - mark.gone) - (isQuiet ? 0 : claimable)
        lastMark = present
        let offset = waiting > most ? waiting - most : min(0, waiting - least)
        guard let missed = offsets.note(offset, at: seconds(now)) else { return }
        // As young as can be: what is not known to be late has to be served in time.
        meter.correct(by: missed, since: seconds(now), at: seconds(now))
        lineAudit.gauge(missed, at: offsets.began.map(instant) ?? now)
    }

    /// Begins with what the backend holds: tasks of before this process are no leak.
    public mutating func begin(waiting: Int, oldest: Timestamp?, at now: Timestamp) {
        meter.correct(by: waiting - meter.waiting, since: seconds(now), at: seconds(now))
        lineAudit.rebase(count: waiting, sumOfArrivals: Int128(waiting) * Int128((oldest ?? now).microseconds))
    }

    /// What was counted up to now; also brings the estimates up to date.
    public mutating func tick(_ fleet: FleetOutlook, at now: Timestamp) -> QueueSample {
        quotes.tidy(isEmpty: isEmpty, limit: level.limit, at: seconds(now))
        let sample = meter.sample(at: seconds(now), ready: fleet.ready, pending: fleet.pending)
        load.update(sample)
        let before = finding
        lineReading = lineAudit.read(at: now)
        slotAudit.read(at: now)
        newFinding = finding == before ? nil : finding
        return sample
    }

    /// What the audits of the line and of the slots say, in words.
    public var finding: String { (lineAudit.diagnosis == .clean ? slotAudit : lineAudit).diagnosis.description }

    /// How fast the error budget is used up, over windows of so many seconds, the longest last.
    public mutating func burnRates(at now: Timestamp) -> [(seconds: Double, rate: Double)] {
        let now = seconds(now)
        return PromiseLedger.Window.allCases.map { window in
            (window.seconds, min(ledger.burnRate(window, at: now), 1e6))
        }
    }

    /// What a task that comes now has to expect.
    public mutating func outlook(_ fleet: FleetOutlook, at now: Timestamp) -> AdmissionOutlook {
        var outlook = AdmissionOutlook(now: seconds(now))
        outlook.ready = fleet.ready
        outlook.busy = min(fleet.busy, fleet.ready)
        outlook.pending = fleet.pending
        outlook.serviceMean = load.serviceMean
        outlook.serviceVariance = load.serviceVariance
        outlook.arrivalRate = load.arrivalRate
        outlook.launchable = fleet.launchable
        outlook.launchDelay = level.startup + 1
        outlook.share = fleet.share
        // Late tasks stand behind, except where order is strict or nobody is demoted.
        let isInOrder = level.overflow == .accept || level.mode != .stochastic
        let inTime = isInOrder ? waiting : max(0, waiting - meter.late(at: outlook.now))
        let others = fleet.workOfOthers > 0 ? (fleet.workOfOthers / max(load.serviceMean, 1e-6)).rounded(.up) : 0
        outlook.ahead = inTime + (Int(exactly: min(others, 1e9)) ?? 0)
        return outlook
    }

    /// The work of waiting tasks that are in time and due before a task that comes now with a limit of `limit` seconds.
    public mutating func work(dueWithin limit: Double, at now: Timestamp) -> Double {
        Double(meter.inTime(olderThan: level.limit - limit, at: seconds(now))) * load.serviceMean
    }

    /// Seconds from the origin.
    public func seconds(_ instant: Timestamp) -> Double { Self.seconds(instant, since: origin) }

    private func instant(_ seconds: Double) -> Timestamp { origin.advanced(by: .clamping(seconds: seconds)) }

    private static func seconds(_ instant: Timestamp, since origin: Timestamp) -> Double {
        Double(instant.microseconds &- origin.microseconds) / 1e6
    }
}

/// Whether a task is taken, in the words of its promise.
public enum AdmissionVerdict: Sendable, Hashable {
    /// Yes; it will start within so many seconds, in 95 of 100 cases; nil where nobody can tell.
    case admitted(wait: Double?)
    /// No; after so many seconds there will be room.
    case refused(retryAfter: Double)
}
