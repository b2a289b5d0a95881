import SojournModel
import SojournWire

/// What is derived from one view of a queue.
struct QueueFacts {
    let view: QueueView
    /// How long an attempt took when this queue was first looked at; nil where nobody looked before.
    var serviceBefore: Duration?

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
    var isUnserved: Bool { insight.workers == 0 && view.waiting > 0 }

    /// How many times as long as before an attempt takes; nil unless that explains something.
    var slowdown: Double? {
        guard let before = serviceBefore?.inSeconds, let now = insight.serviceTime?.inSeconds else { return nil }
        return before > 0 && now > 0.02 && now >= before * 1.8 ? now / before : nil
    }

    /// Whether workers are on their way.
    var isGrowing: Bool {
        guard let workers = insight.workers, let desired = insight.desiredWorkers else { return false }
        return desired > workers
    }

    /// `λ 157/s is above the contract of 20/s`, without the verb.
    var rates: String {
        let contract = promise?.arrivalRate.map { " of \(Numerals.rate($0))/s" } ?? ""
        return "λ \(Numerals.rate(insight.arrivalRate))/s\(contract)"
    }

    /// `2 s`: W as it was configured.
    var limit: String { Numerals.configured(promise?.limit) }
}
