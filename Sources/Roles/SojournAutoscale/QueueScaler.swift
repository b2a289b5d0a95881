import SojournModel
import SojournPromise

/// One change of the number of workers, and why.
struct ScalingEvent: Sendable, Hashable {
    var at: Timestamp
    /// Workers before and after.
    var from: Int
    var to: Int
    /// In one sentence.
    var reason: String
}

/// Something that a decision asks of a fleet.
enum FleetOrder: Sendable, Hashable {
    case launch(String, QueueName)
    case stop(String)
    /// Attempts at once of this process that a queue needs.
    case resize(Int, QueueName)
}

/// Turns advice in slots into workers of one queue.
struct QueueScaler: Sendable {
    /// Decisions kept for people.
    private static let remembered = 20
    /// Longest pause, in seconds, after workers that ended before they were ready.
    private static let longestPause = 60.0
    private let queue: QueueName
    private var level: ServiceLevel
    private let scaling: PromiseConfiguration.Scaling
    private var policy: (any ScalingPolicy)?
    private var book: FleetBook
    private var nextDecision = 0.0
    private var failures = 0
    private var pausedUntil = 0.0
    private var resized: Int?
    /// The last decisions, newest first.
    private(set) var events: [ScalingEvent] = []
    /// Workers wanted; nil before the first decision.
    private(set) var desired: Int?

    init(queue: QueueName, level: ServiceLevel, configuration: PromiseConfiguration, run: String = "w") {
        self.queue = queue
        self.level = level
        scaling = configuration.scaling
        book = FleetBook(queue: queue, run: run)
        var unbounded = level
        // The bounds are on workers, and hold where slots become workers; slots of other workers come on top.
        unbounded.workers = 0...Limits.concurrency
        policy = ScalingPolicies.make(
            name: configuration.policy, level: unbounded, meanServiceTime: level.serviceTime,
            nominalRate: level.arrivalRate)
    }

    /// Workers that were launched and not stopped.
    var workers: Int { book.count }
    /// D as it was measured, in seconds; nil before the first launch.
    var startup: Double? { book.startup }

    /// When each slot of the workers that are starting will be ready, in seconds.
    func pending(at now: Double) -> [Double] {
        let workers = book.pending(at: now, startup: level.startup)
        return workers.isEmpty ? [] : workers.flatMap { repeatElement($0, count: level.tasksPerWorker) }
    }

    /// Slots that may still be launched at `now`.
    func launchable(at now: Double) -> Int {
        if now < pausedUntil { return 0 }
        return switch scaling {
        case .off, .dryRun: 0
        case .processes: max(0, level.workers.upperBound - book.count) * level.tasksPerWorker
        case .slots: max(0, level.slots.upperBound - (resized ?? level.slots.lowerBound))
        }
    }

    /// Learns how long workers take to start.
    mutating func learn(startup: Double) {
        level.startup = startup
        policy?.learn(startup: startup)
    }

    /// A worker claimed.
    mutating func heard(_ name: String, at now: Double) {
        if book.heard(name, at: now) { failures = 0 }
    }

    /// A worker ended. One that nobody had asked to, and that never claimed, makes the next launch wait.
    mutating func ended(_ name: String, at now: Double) {
        if book.ended(name) == .failedToStart { failed(at: now) }
    }

    private mutating func failed(at now: Double) {
        failures += 1
        var pause = 0.5
        for _ in 0..<min(failures, 10) { pause *= 2 }
        pausedUntil = now + min(pause, Self.longestPause)
    }

    /// Decides, if it is time to; what has to be done.
    mutating func decide(
        _ sample: QueueSample, _ load: LoadEstimator, at instant: Timestamp, held: (String) -> Int?
    ) -> [FleetOrder] {
        let stuck = giveUpStuck(at: sample.now)
        guard stuck.isEmpty else { return stuck }
        guard scaling != .off, sample.now >= nextDecision, var policy else { return [] }
        nextDecision = sample.now + policy.interval - 0.01
        let advice = policy.decide(sample, load)
        self.policy = policy
        switch scaling {
        case .off: return []
        case .processes: return scaleProcesses(sample, advice, at: instant, held: held)
        case .slots: return scaleSlots(sample, advice, at: instant)
        case .dryRun:
            let wanted = workers(of: advice?.slots ?? sample.current)
            // What it would do, so within the same bounds.
            let target = min(max(wanted, level.workers.lowerBound), level.workers.upperBound)
            tell(from: workers(of: sample.current), to: target, advice, instant)
            return []
        }
    }

    /// Workers that never became ready, as when they cannot reach the server, are no capacity to count on.
    private mutating func giveUpStuck(at now: Double) -> [FleetOrder] {
        let names = book.stuck(at: now, startup: level.startup)
        for name in names {
            book.giveUp(name)
            failed(at: now)
        }
        return names.map { .stop($0) }
    }

    /// Slots of this process that the queue has; nil before the first decision.
    var slots: Int { resized ?? max(1, level.slots.lowerBound) }

    private mutating func scaleProcesses(
        _ sample: QueueSample, _ advice: ScalingAdvice?, at instant: Timestamp, held: (String) -> Int?
    ) -> [FleetOrder] {
        let others = max(0, sample.ready - book.ready * level.tasksPerWorker)
        let wanted = advice.map { workers(of: $0.slots - others) } ?? book.count
        let target = min(max(wanted, level.workers.lowerBound), level.workers.upperBound)
        let count = book.count
        desired = target
        if target > count {
            guard sample.now >= pausedUntil else { return [] }
            tell(
                from: count, to: target, advice ?? ScalingAdvice(slots: 0, reason: "at least \(target) shall be there"),
                instant, isLimited: wanted > target)
            return book.launch(target - count, at: sample.now).map { .launch($0, queue) }
        }
        guard target < count else { return [] }
        tell(from: count, to: target, advice, instant)
        return book.stop(count - target, held: held).map { .stop($0) }
    }

    private mutating func scaleSlots(
        _ sample: QueueSample, _ advice: ScalingAdvice?, at instant: Timestamp
    ) -> [FleetOrder] {
        let bounds = max(1, level.slots.lowerBound)...max(1, level.slots.upperBound)
        let before = resized ?? bounds.lowerBound
        let target = min(max(advice?.slots ?? before, bounds.lowerBound), bounds.upperBound)
        guard target != resized else { return [] }
        if target != before { tell(from: before, to: target, advice, instant) }
        resized = target
        return [.resize(target, queue)]
    }

    private mutating func tell(
        from: Int, to: Int, _ advice: ScalingAdvice?, _ instant: Timestamp, isLimited: Bool = false
    ) {
        let isNews = scaling != .dryRun || to != desired
        if scaling != .slots { desired = to }
        guard from != to, isNews, let advice else { return }
        var reason = advice.reason
        if isLimited { reason += "; max_workers is \(level.workers.upperBound)" }
        if scaling == .dryRun { reason += " (dry run)" }
        if scaling == .slots { reason += " (slots of this process)" }
        events.insert(ScalingEvent(at: instant, from: from, to: to, reason: reason), at: 0)
        if events.count > Self.remembered { events.removeLast() }
    }

    private func workers(of slots: Int) -> Int {
        slots <= 0 ? 0 : (slots - 1) / max(1, level.tasksPerWorker) + 1
    }
}
