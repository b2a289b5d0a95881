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
    private var running: [LeaseToken: Attempt] = [:]
    /// Queues in which tasks may wait; swept at every tick, so that no admission has to look at all queues.
    private var active: Set<QueueName> = []

    private struct Attempt {
        var worker: String
        var startedAt: Timestamp
    }

    init(_ configuration: PromiseConfiguration, now: Timestamp) {
        self.configuration = configuration
        origin = now
        for (queue, level) in configuration.levels {
            queues[queue] = QueueControl(level: level, origin: now, now: now)
            scalers[queue] = QueueScaler(queue: queue, level: level, configuration: configuration)
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

    /// Takes a task, which then carries its promise, or says why not.
    mutating func admit(_ message: inout TaskMessage, at now: Timestamp) -> BackendError? {
        guard let level = configuration.levels[message.queue] else { return nil }
        message.promise = StartPromise(within: .clamping(seconds: level.limit))
        if level.mode != .stochastic {
            // T1 holds only for attempts that end.
            let longest = Duration.clamping(seconds: level.serviceMax)
            message.timeout = min(message.timeout ?? longest, longest)
        }
        // What starts later cannot be judged by what is known now.
        if message.isDelayed { return nil }
        let fleet = fleet(for: message.queue, at: now)
        var verdict = AdmissionVerdict.admitted(wait: nil)
        change(message.queue) { verdict = $0.admit(message.id, fleet, at: now) }
        switch verdict {
        case .admitted(let wait):
            message.promise?.estimate = wait.map { .clamping(seconds: $0) }
            return nil
        case .refused(let seconds):
            return refusal(message.queue, level, fleet, retryAfter: seconds)
        }
    }

    private func refusal(
        _ queue: QueueName, _ level: ServiceLevel, _ fleet: FleetOutlook, retryAfter seconds: Double
    ) -> BackendError {
        let waiting = queues[queue]?.waiting ?? 0
        let state =
            fleet.ready + fleet.pending.count == 0
            ? "no worker serves it"
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
        for message in messages { entered(message, isNew: false) }
    }

    mutating func refuse(_ names: [QueueName]) {
        for name in names { change(name) { $0.refuse(1) } }
    }

    mutating func entered(_ message: TaskMessage, isNew: Bool) {
        if message.isDelayed { return }
        guard message.promise != nil else {
            if isNew { waits(message.queue, since: message.availableAt) }
            return
        }
        active.insert(message.queue)
        change(message.queue) { $0.entered(message.id, availableAt: isNew ? message.availableAt : nil) }
    }

    mutating func waits(_ queue: QueueName, since instant: Timestamp) {
        active.insert(queue)
        change(queue) { $0.waits(since: instant) }
    }

    /// Tasks of before this server wait in the backend.
    mutating func begin(_ queue: QueueName, waiting: Int, oldest: Timestamp?, at now: Timestamp) {
        active.insert(queue)
        change(queue) { $0.begin(waiting: waiting, oldest: oldest, at: now) }
    }

    /// Forgets queues in which nobody waits.
    mutating func sweep() { active = active.filter { queues[$0]?.waiting ?? 0 > 0 } }

    mutating func asks(_ request: LeaseRequest, at now: Timestamp) {
        let now = seconds(now)
        directory.asks(request.worker, for: request.queues, free: request.limit, slots: request.slots, at: now)
        for queue in request.queues { scalers[queue]?.heard(request.worker, at: now) }
    }

    mutating func started(_ deliveries: [Delivery], for request: LeaseRequest, at now: Timestamp) {
        directory.took(request.worker, deliveries.count, at: seconds(now))
        for delivery in deliveries {
            let message = delivery.message
            // The backend's clock decides when a lease begins: what is promised and what is kept are measured by one.
            let start = max(message.availableAt, delivery.lease.expiresAt.advanced(by: .zero - request.duration))
            running[delivery.lease.token] = Attempt(worker: request.worker, startedAt: start)
            let limit = message.attempt > 1 ? nil : message.promise?.within.inSeconds
            change(message.queue) {
                $0.started(message.id, since: message.availableAt, within: limit, at: start)
            }
        }
    }

    mutating func ended(_ result: AttemptResult, at now: Timestamp) {
        let delivery = result.report.delivery
        // Handed back: it waits again, and nobody promotes it.
        if result.verdict.status == .queued {
            waits(delivery.message.queue, since: result.verdict.availableAt ?? now)
        }
        guard let attempt = running.removeValue(forKey: delivery.lease.token) else { return }
        directory.gaveBack(attempt.worker, at: seconds(now))
        let isVanished = result.report.outcome == .leaseExpired
        change(delivery.message.queue) {
            $0.ended(
                since: attempt.startedAt, reported: isVanished ? nil : result.report.startedAt,
                willRetry: result.verdict.status == .retrying, at: now)
        }
    }

    // MARK: - Slots

    /// The slots that serve a queue.
    mutating func fleet(for queue: QueueName, at now: Timestamp) -> FleetOutlook {
        var fleet = FleetOutlook()
        (fleet.ready, fleet.busy) = directory.slots(for: queue)
        if sharesStarts(queue) {
            // Every tenth start is the others'.
            let ready = fleet.ready * 9 / 10
            (fleet.ready, fleet.busy) = (ready, min(fleet.busy, ready))
        }
        if let scaler = scalers[queue] {
            fleet.pending = scaler.pending(at: seconds(now))
            fleet.launchable = scaler.launchable
        }
        fleet.workOfOthers = workOfOthers(than: queue, at: now)
        return fleet
    }

    /// Whether starts of a queue's slots go to tasks of queues without a promise: now, or for a hard promise ever.
    private func sharesStarts(_ queue: QueueName) -> Bool {
        if configuration.levels[queue]?.mode == .stochastic {
            return active.contains { configuration.levels[$0] == nil && directory.isShared(queue, $0) }
        }
        return directory.servesOthers(than: queue, promised: configuration.levels.keys)
    }

    /// The work of other queues with promises that is due earlier than a task that comes now, on slots that serve both.
    private mutating func workOfOthers(than queue: QueueName, at now: Timestamp) -> Double {
        guard let limit = configuration.levels[queue]?.limit else { return 0 }
        var work = 0.0
        for other in active where other != queue && configuration.levels[other] != nil {
            guard directory.isShared(queue, other) else { continue }
            work += queues[other]?.work(dueWithin: limit, at: now) ?? 0
        }
        return work
    }
}

extension TaskMessage {
    /// Whether it shall start later than it was accepted: then it is scheduled first, and waits when it is due.
    fileprivate var isDelayed: Bool { availableAt > enqueuedAt }
}
