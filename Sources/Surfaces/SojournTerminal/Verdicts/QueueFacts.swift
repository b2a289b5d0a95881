import SojournModel
import SojournWire

/// What is derived from one view of a queue.
struct QueueFacts {
    let view: QueueView
    var past = QueuePast()

    var insight: QueueInsight { view.insight }
    var promise: QueuePromise? { view.promise }

    /// How many tasks are in that status.
    func count(_ status: TaskStatus) -> Int { view.depth.values.reduce(0) { $0 + ($1[status] ?? 0) } }

    /// How long the tasks of this moment wait: what the oldest has behind it, or the next one before it.
    var waitNow: Duration? {
        guard let oldest = view.oldestWait else { return insight.predictedWait }
        return max(oldest, insight.predictedWait ?? .zero)
    }

    /// ``waitNow`` ÷ W.
    var lateness: Double {
        guard let limit = promise?.limit.inSeconds, limit > 0 else { return 0 }
        return (waitNow?.inSeconds ?? 0) / limit
    }

    /// Whether a task has waited longer than was promised.
    var isLate: Bool {
        guard let limit = promise?.limit, let oldest = view.oldestWait else { return false }
        return oldest > limit
    }

    /// Whether a task that comes now will wait nearly as long as was promised, or longer.
    var isNearlyLate: Bool {
        guard let limit = promise?.limit, let predicted = insight.predictedWait else { return false }
        return view.waiting > 0 && predicted > limit * 0.7
    }

    /// The most tasks that may wait while the promise holds.
    var maxDepth: Double? { promise?.maxDepth ?? insight.maxDepth }

    /// How fast the error budget goes in the shortest window.
    var burnsNow: Double? { insight.burnRates.min { $0.window < $1.window }?.rate }

    /// The share of late tasks that is allowed, used up; judged by all starts where no window is known.
    var budgetUsed: Double? {
        if let used = insight.errorBudgetUsed { return used }
        guard let promise, let attainment = insight.attainment else { return nil }
        let allowed = max(1 - promise.percentile / 100, 1e-9)
        return (1 - attainment) / allowed
    }

    /// Whether more tasks come than the contract allows for.
    var isAboveContract: Bool {
        guard let contract = promise?.arrivalRate, let rate = insight.arrivalRate else { return false }
        return rate > contract * 1.05
    }

    /// Whether tasks wait and nobody is there to take them.
    var isUnserved: Bool { view.waiting > 0 && (insight.workers == 0 || insight.slots == 0) }

    /// Whether nobody is there, and the next task would be late before somebody comes.
    var startsFromNothing: Bool {
        guard let limit = promise?.limit, let predicted = insight.predictedWait else { return false }
        return view.waiting == 0 && insight.workers == 0 && predicted > limit
    }

    /// How many times as long as before an attempt takes; nil unless that explains something.
    var slowdown: Double? {
        guard let before = past.service?.inSeconds, let now = insight.serviceTime?.inSeconds else { return nil }
        return before > 0 && now > 0.02 && now >= before * 1.8 ? now / before : nil
    }

    /// Whether workers are on their way.
    var isGrowing: Bool {
        guard let workers = insight.workers, let desired = insight.desiredWorkers else { return false }
        return desired > workers
    }

    /// Whether workers have been missing for longer than it takes to ask for them.
    var lacksWorkers: Bool { isGrowing && (past.missing >= .seconds(5) || isLate) }

    /// Whether retries are a load that the promise does not bear.
    var suffersFromRetries: Bool {
        guard let attempts = insight.retryAmplification, attempts >= 1.5, !isIdle else { return false }
        guard let limit = promise?.limit else { return false }
        return (insight.utilization ?? 0) > 0.7 || (insight.predictedWait ?? .zero) > limit / 2 || isLate
    }

    /// Whether the workers can start no more than they do, and that shows.
    var isSaturated: Bool { (insight.utilization ?? 0) >= 0.95 && view.waiting > 0 && (isNearlyLate || isLate) }

    /// How many tasks were refused in the last minute or two.
    var refusedLately: Int { max(0, (insight.refusals ?? 0) - (past.refusals ?? insight.refusals ?? 0)) }

    /// Whether nothing is there to do.
    var isIdle: Bool {
        view.waiting + count(.running) + count(.retrying) == 0 && (insight.arrivalRate ?? 0) < 0.01
    }

    /// `λ 157/s is above the contract of 20/s`, without the verb.
    var rates: String {
        let contract = promise?.arrivalRate.map { " of \(Numerals.rate($0))/s" } ?? ""
        return "λ \(Numerals.rate(insight.arrivalRate))/s\(contract)"
    }

    /// `2 s`: W as it was configured.
    var limit: String { Numerals.configured(promise?.limit) }
}

/// What is remembered of a queue that was looked at before.
struct QueuePast: Equatable {
    /// How long an attempt took then.
    var service: Duration?
    /// How many tasks had been refused.
    var refusals: Int?
    /// For how long fewer workers have run than should.
    var missing = Duration.zero
}
