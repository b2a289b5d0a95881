/// What is known of the load of one queue: how fast tasks come, how long they run, and how much either varies.
///
/// Fed with one sample per tick, about a second apart; windows are measured in time, not in ticks. Memory is bounded
/// and an update costs less than a microsecond. Samples that make no sense (time that runs backwards, numbers
/// that are not finite) are ignored; counts that became smaller start it anew.
public struct LoadEstimator: Sendable {
    /// What the queue promises; its arrival rate and service time are what is believed before anything is seen.
    public var level: ServiceLevel
    /// m̂: the mean time that an attempt holds its slot, in seconds.
    ///
    /// Little's law of the slots, Δ∫busy / Δcompletions over 120 s, with a prior of 20 tasks at the mean of hours. It
    /// counts attempts that still run, so it sees a slow-down before the first slow attempt ends.
    public private(set) var serviceMean: Double
    /// ĉ_s²: the variance of service times over their squared mean, of hours.
    public private(set) var serviceVariation = 1.0

    /// Seconds over which the arrival rate is a plain mean, where no shorter window contradicts.
    static let rateWindow = 60.0
    /// Seconds of the window of ``serviceMean``.
    static let serviceWindow = 120.0
    /// Tasks that the prior of the service time counts for.
    static let priorTasks = 20.0
    /// Seconds that the prior of the arrival rate counts for, and for which it has a say.
    static let priorSeconds = 30.0
    /// Seconds for which the prior of the arrival rate stands alone.
    static let unknownSeconds = 5.0

    private(set) var recent = CountHistory(span: 130, spacing: 0.9)
    private(set) var lately = CountHistory(span: 740, spacing: 9.9)
    private(set) var latest: CountMark?
    private(set) var running = 0
    private var begun = 0.0
    private var moments: ServiceMoments

    /// An estimator that has seen nothing yet.
    public init(level: ServiceLevel) {
        self.level = level
        serviceMean = max(level.serviceTime, 1e-6)
        moments = ServiceMoments()
    }

    /// σ̂²: the variance of service times, in seconds².
    public var serviceVariance: Double { serviceVariation * serviceMean * serviceMean }

    /// λ̂: tasks per second, refused and repeated ones included; follows a significant change of 4 s or longer.
    public var arrivalRate: Double { rate(up: 4, down: 4) }

    /// Seconds since the first sample.
    public var age: Double { latest.map { $0.now - begun } ?? 0 }

    /// Takes the counts of a further tick.
    public mutating func update(_ sample: QueueSample) {
        guard sample.isSane else { return }
        if let latest {
            guard sample.now > latest.now else { return }
            if sample.arrived < latest.arrived || sample.completed < latest.completed { forget() }
        }
        let mark = CountMark(sample)
        if latest == nil { begun = sample.now }
        latest = mark
        running = sample.busy
        recent.append(mark)
        lately.append(mark)
        moments.update(sample)
        estimateService(mark)
    }

    private mutating func forget() {
        self = LoadEstimator(level: level)
    }

    private mutating func estimateService(_ mark: CountMark) {
        let prior = max(level.serviceTime, 1e-6)
        serviceVariation = moments.variation(prior: prior, weight: Self.priorTasks)
        guard let before = recent.last(notAfter: mark.now - Self.serviceWindow) else { return }
        // What was seen in hours is a better prior than the contract.
        let usual = moments.mean(prior: prior, weight: Self.priorTasks)
        let busy = max(0, mark.busySeconds - before.busySeconds) + Self.priorTasks * usual
        serviceMean = busy / (Double(mark.completed - before.completed) + Self.priorTasks)
    }
}

/// Sums over service times that forget what is older than three to six hours.
struct ServiceMoments: Sendable {
    private struct Sums: Sendable {
        var now = 0.0
        var completed = 0
        var sum = 0.0
        var squareSum = 0.0

        init() {}
        init(_ sample: QueueSample) {
            now = sample.now
            completed = sample.completed
            sum = sample.serviceSum
            squareSum = sample.serviceSquareSum
        }
    }

    /// Seconds after which a generation is closed.
    private static let generation = 10_800.0
    private var base: Sums?
    private var next: Sums?
    private var latest = Sums()

    mutating func update(_ sample: QueueSample) {
        latest = Sums(sample)
        guard let next else {
            (base, self.next) = (latest, latest)
            return
        }
        guard latest.now - next.now >= Self.generation else { return }
        (base, self.next) = (next, latest)
    }

    /// m, as if `weight` tasks of the mean `prior` had been seen as well.
    func mean(prior: Double, weight: Double) -> Double {
        let base = base ?? latest
        return (latest.sum - base.sum + weight * prior) / (Double(latest.completed - base.completed) + weight)
    }

    /// c_s², as if `weight` tasks with exponential service times of mean `prior` had been seen as well.
    func variation(prior: Double, weight: Double) -> Double {
        let base = base ?? latest
        let count = Double(latest.completed - base.completed) + weight
        let mean = (latest.sum - base.sum + weight * prior) / count
        let square = (latest.squareSum - base.squareSum + 2 * weight * prior * prior) / count
        return mean > 0 ? max(0, square / (mean * mean) - 1) : 1
    }
}

extension QueueSample {
    /// Whether every number is finite and no count negative.
    var isSane: Bool {
        now.isFinite && busySeconds.isFinite && serviceSum.isFinite && serviceSquareSum.isFinite
            && arrived >= 0 && completed >= 0 && retried >= 0
    }
}
