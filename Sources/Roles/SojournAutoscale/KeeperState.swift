import SojournCore
import SojournModel
import SojournPromise

/// What a ``PromiseKeeper`` knows.
struct KeeperState: Sendable {
    /// Queues that are measured at most; their names come from outside.
    private static let queueLimit = 1_000
    let configuration: PromiseConfiguration
    let origin: Timestamp
    var queues: [QueueName: QueueControl] = [:]
    var scalers: [QueueName: QueueScaler] = [:]
    var directory = WorkerDirectory()
    /// Queues that hand out nothing now: they promise nothing either.
    var paused: Set<QueueName> = []
    private var running: [LeaseToken: Attempt] = [:]
    /// Queues in which tasks may wait; swept at every tick, so that no admission has to look at all queues.
    private var active: (promised: Set<QueueName>, others: Set<QueueName>) = ([], [])
    /// The work of others that was last seen by a queue, where there are many.
    private var others: [QueueName: (at: Timestamp, work: Double)] = [:]

    private struct Attempt {
        var worker: String
        var queue: QueueName
        var startedAt: Timestamp
        /// How long its lease is extended each time.
        var lease: Duration
        /// When its lease ends, as far as was heard here.
        var expiresAt: Timestamp
    }

    /// Attempts whose lease ended so long ago have been reported to, or taken back by, another server.
    private static let unheard: Duration = .seconds(60)

    init(_ configuration: PromiseConfiguration, now: Timestamp) {
        self.configuration = configuration
        // Tasks may wait since before this server; instants before the origin would count as late.
        let longest = configuration.levels.values.map(\.limit).max() ?? 0
        origin = now.advanced(by: .clamping(seconds: -longest - 3_600))
        let run = String(UInt32.random(in: .min ... .max), radix: 36)
        for (queue, level) in configuration.levels {
            queues[queue] = QueueControl(level: level, origin: origin, now: now)
            scalers[queue] = QueueScaler(queue: queue, level: level, configuration: configuration, run: run)
        }
    }

    /// Seconds since this server began to count.
    func seconds(_ instant: Timestamp) -> Double { instant.duration(since: origin).inSeconds }

    /// Changes what is known of a queue; one that is new is measured from now on, while there is room.
    mutating func change(_ queue: QueueName, _ body: (inout QueueControl) -> Void) {
        guard queues[queue] != nil || queues.count < Self.queueLimit else { return }
        body(&queues[queue, default: QueueControl(level: nil, origin: origin, now: origin)])
    }

    // MARK: - The way of a task

    /// Takes a run of tasks of one queue, which then carry its promise, or says why not.
    mutating func admit(
        _ admission: inout Admission, _ run: Range<Int>, areKnown: Bool, at now: Timestamp
    ) -> BackendError? {
        let queue = admission.tasks[run.lowerBound].message.queue
        guard let level = configuration.levels[queue], !areKnown, !paused.contains(queue) else {
            let count = admission.tasks[run].count { !$0.message.isDelayed }
            change(queue) { $0.reserve(count) }
            return nil
        }
        let fleet = fleetForAdmission(queue, at: now)
        var refused: (at: Int, seconds: Double)?
        change(queue) { control in
            for index in run {
                guard let seconds = control.admit(&admission.tasks[index].message, level, fleet, at: now) else {
                    continue
                }
                refused = (index, seconds)
                return
            }
            if level.overflow == .reject { admission.room[queue] = control.room(fleet, at: now) }
        }
        guard let refused else { return nil }
        withdraw(admission.tasks[run.lowerBound..<refused.at].map(\.message))
        return refusal(queue, level, fleet, retryAfter: refused.seconds)
    }

    /// What to tell whoever was admitted to a queue that others filled meanwhile.
    mutating func overtaken(_ tasks: [NewTask], at now: Timestamp) -> BackendError {
        let bounded = tasks.lazy.map(\.message.queue).first { self.configuration.levels[$0]?.overflow == .reject }
        guard let queue = bounded, let level = configuration.levels[queue] else {
            return BackendError(.throttled, "The queue has no room left.")
        }
        let fleet = fleetForAdmission(queue, at: now)
        var seconds = level.limit
        change(queue) { seconds = $0.retryAfter(fleet, at: now) }
        return refusal(queue, level, fleet, retryAfter: seconds)
    }

    private func refusal(
        _ queue: QueueName, _ level: ServiceLevel, _ fleet: FleetOutlook, retryAfter seconds: Double
    ) -> BackendError {
        let waiting = queues[queue]?.waiting ?? 0
        let nobody =
            level.mode == .stochastic ? "no worker serves it" : "no worker serves it alone, as a hard promise needs"
        let state =
            fleet.ready + fleet.pending.count == 0
            ? nobody
            : (waiting == 1 ? "1 task waits" : "\(waiting) tasks wait")
                + (fleet.ready == 1 ? " for 1 slot" : " for \(fleet.ready) slots")
        return BackendError(
            .throttled,
            "Queue \(queue) cannot start the task within \(Brief.seconds(level.limit)): \(state). "
                + "Try again in \(Brief.seconds(seconds)).",
            retryAfter: .clamping(seconds: seconds))
    }

    /// Tasks that were taken are not wanted after all: another one of their batch was refused.
    mutating func withdraw(_ messages: [TaskMessage]) {
        for message in messages { change(message.queue) { $0.entered(message, isNew: false) } }
    }

    /// What became of a run of tasks of one queue.
    mutating func entered(_ tasks: [NewTask], _ results: [InsertResult]?, _ run: Range<Int>, _ queue: QueueName) {
        activate(queue)
        change(queue) { control in
            for index in run {
                var isNew = false
                if let results, case .inserted = results[index] { isNew = true }
                control.entered(tasks[index].message, isNew: isNew)
            }
        }
    }

    mutating func renewed(_ leases: [Lease], at now: Timestamp) {
        for lease in leases {
            guard let attempt = running[lease.token] else { continue }
            running[lease.token]?.expiresAt = now.advanced(by: attempt.lease)
            directory.heard(attempt.worker, at: seconds(now))
        }
    }

    mutating func waits(_ queue: QueueName, since instant: Timestamp) {
        activate(queue)
        change(queue) { $0.waits(since: instant) }
    }

    private mutating func activate(_ queue: QueueName) {
        if configuration.levels[queue] == nil {
            active.others.insert(queue)
        } else {
            active.promised.insert(queue)
        }
    }

    /// Tasks of before this server wait in the backend.
    mutating func begin(_ queue: QueueName, waiting: Int, oldest: Timestamp?, at now: Timestamp) {
        activate(queue)
        change(queue) { $0.begin(waiting: waiting, oldest: oldest, at: now) }
    }

    /// Forgets queues in which nobody waits, and those without a promise that nobody has used for an hour.
    mutating func sweep(at now: Timestamp) {
        active.promised = active.promised.filter { queues[$0]?.isEmpty == false }
        active.others = active.others.filter { queues[$0]?.isEmpty == false }
        let hourAgo = seconds(now) - 3_600
        let unused = queues.filter {
            !$0.value.isPromised && $0.value.isEmpty && $0.value.running <= 0 && $0.value.lastArrival < hourAgo
        }
        for queue in unused.keys { queues[queue] = nil }
        forgetUnheard(at: now)
    }

    /// Forgets attempts that must have ended, though not here: several servers may share a store, and a worker need not
    /// report to the one that it claimed from.
    private mutating func forgetUnheard(at now: Timestamp) {
        let over = now.advanced(by: .zero - Self.unheard)
        for (token, attempt) in running where attempt.expiresAt < over {
            running[token] = nil
            directory.gaveBack(attempt.worker)
            change(attempt.queue) { $0.vanished(since: attempt.startedAt, at: now) }
        }
    }

    mutating func asks(_ request: LeaseRequest, at now: Timestamp) {
        let now = seconds(now)
        directory.asks(request.worker, for: request.queues, free: request.limit, slots: request.slots, at: now)
        for queue in request.queues { scalers[queue]?.heard(request.worker, at: now) }
    }

    mutating func started(_ deliveries: [Delivery], for request: LeaseRequest, at now: Timestamp) {
        directory.took(request.worker, deliveries.count, at: seconds(now))
        let starts = deliveries.map { $0.start(under: request) }
        for (delivery, start) in zip(deliveries, starts) {
            running[delivery.lease.token] = Attempt(
                worker: request.worker, queue: delivery.message.queue, startedAt: start, lease: request.duration,
                expiresAt: delivery.lease.expiresAt)
        }
        deliveries.forEachRun({ $0.message.queue }) { run, queue in
            change(queue) { control in
                for index in run {
                    let message = deliveries[index].message
                    // A later attempt waits again; the promise was about the first one.
                    let limit = message.attempt > 1 ? nil : message.promise?.within.inSeconds
                    control.started(
                        message.id, since: message.availableAt, within: limit,
                        isQuotedFree: limit != nil && message.promise?.estimate == .zero,
                        at: starts[index])
                }
            }
        }
    }

    mutating func ended(_ results: [AttemptResult], at now: Timestamp) {
        let attempts = results.map { running.removeValue(forKey: $0.report.delivery.lease.token) }
        results.forEachRun({ $0.report.delivery.message.queue }) { run, queue in
            change(queue) { control in
                for index in run { control.ended(results[index], since: attempts[index]?.startedAt, at: now) }
            }
        }
        for case let attempt? in attempts { directory.gaveBack(attempt.worker, at: seconds(now)) }
        for result in results where result.verdict.status == .queued {
            activate(result.report.delivery.message.queue)
        }
    }

    // MARK: - Slots

    /// The slots that serve a queue.
    func fleet(for queue: QueueName, at now: Timestamp) -> FleetOutlook {
        var fleet = FleetOutlook()
        let isHard = configuration.levels[queue].map { $0.mode != .stochastic } ?? false
        // What others may do with a slot is no part of what is promised for sure.
        (fleet.ready, fleet.busy) = directory.slots(for: queue, alone: isHard)
        // Every tenth start is that of tasks without a promise.
        if !isHard, sharesStarts(queue) { fleet.share = 0.9 }
        if let scaler = scalers[queue] {
            fleet.pending = scaler.pending(at: seconds(now))
            fleet.launchable = scaler.launchable(at: seconds(now))
        }
        return fleet
    }

    /// As ``fleet(for:at:)``, with the work of others that is done before a task that comes now.
    private mutating func fleetForAdmission(_ queue: QueueName, at now: Timestamp) -> FleetOutlook {
        var fleet = fleet(for: queue, at: now)
        // Looking at many queues takes a while; what they hold does not change much in so short a time.
        if let known = others[queue], active.promised.count > 16, now < known.at.advanced(by: .milliseconds(100)) {
            fleet.workOfOthers = known.work
        } else {
            fleet.workOfOthers = workOfOthers(than: queue, at: now)
            if active.promised.count > 16 { others[queue] = (now, fleet.workOfOthers) }
        }
        return fleet
    }

    /// As ``fleet(for:at:)``, for scaling: a slot that serves several promised queues counts for each of them in part.
    func fleetForScaling(_ queue: QueueName, at now: Timestamp) -> FleetOutlook {
        var fleet = fleet(for: queue, at: now)
        fleet.ready = directory.fairSlots(for: queue, among: scalers.keys)
        return fleet
    }

    /// Whether starts of a queue's slots go to tasks of queues without a promise now.
    private func sharesStarts(_ queue: QueueName) -> Bool {
        active.others.contains { directory.isShared(queue, $0) }
    }

    /// The work of other queues with promises that is due earlier than a task that comes now, on slots that serve both.
    private mutating func workOfOthers(than queue: QueueName, at now: Timestamp) -> Double {
        guard let limit = configuration.levels[queue]?.limit else { return 0 }
        var work = 0.0
        for other in active.promised where other != queue {
            guard directory.isShared(queue, other) else { continue }
            work += queues[other]?.work(dueWithin: limit, at: now) ?? 0
        }
        return work
    }
}

extension Delivery {
    /// When the lease began, by the backend's clock: what is promised and what is kept are measured by one clock.
    fileprivate func start(under request: LeaseRequest) -> Timestamp {
        max(message.availableAt, lease.expiresAt.advanced(by: .zero - request.duration))
    }
}

extension QueueControl {
    /// Takes a task, which then carries its promise; or the seconds after which there will be room for it.
    fileprivate mutating func admit(
        _ message: inout TaskMessage, _ level: ServiceLevel, _ fleet: FleetOutlook, at now: Timestamp
    ) -> Double? {
        message.promise = StartPromise(within: .clamping(seconds: level.limit))
        if level.mode != .stochastic {
            // T1 holds only for attempts that end.
            let longest = Duration.clamping(seconds: level.serviceMax)
            message.timeout = min(message.timeout ?? longest, longest)
        }
        if message.isDelayed {
            let delay = message.availableAt.duration(since: now).inSeconds
            return isInTime(after: delay, fleet, at: now) ? nil : max(level.limit, delay)
        }
        switch admit(message.id, fleet, at: now) {
        case .refused(let seconds): return seconds
        case .admitted(let wait):
            message.promise?.estimate = wait.map { .clamping(seconds: $0) }
            return nil
        }
    }

    /// A task is in the store, or is not after all.
    fileprivate mutating func entered(_ message: TaskMessage, isNew: Bool) {
        if message.isDelayed { return }
        entered(message.id, availableAt: isNew ? message.availableAt : nil)
    }

    /// An attempt ended that began at `start`; nil where it began before this server did.
    fileprivate mutating func ended(_ result: AttemptResult, since start: Timestamp?, at now: Timestamp) {
        // Handed back: it waits again, and nobody promotes it. (Attempt 0 is a report of a lease that was over before.)
        if result.verdict.status == .queued, result.report.delivery.message.attempt > 0 {
            waits(since: result.verdict.availableAt ?? now)
        }
        guard let start else { return }
        let isVanished = result.report.outcome == .leaseExpired
        ended(
            since: start, reported: isVanished ? nil : result.report.startedAt,
            willRetry: result.verdict.status == .retrying, at: now)
    }
}
