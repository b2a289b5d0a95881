/// T3: what must have started by some instant, against what the slots can do until then.
///
/// Instants are seconds from now. `limit` is the W that is planned with.
struct DemandCurve {
    private let limit: Double
    private let rate: Double
    private let serviceMean: Double
    /// Tasks that are due now whatever `limit` says.
    private let overdue: Double
    private let waiting: Double
    private let ageStep: Double
    /// Element `i` counts the waiting tasks that are at least `i` steps old.
    private let atLeast: [Double]
    private let ready: Double
    private let pending: [Double]
    private let pendingSum: Double
    /// Slot-seconds that the running attempts still take: they are half done.
    private let residual: Double

    init(_ sample: QueueSample, serviceMean: Double, rate: Double, limit: Double, lateAreFirst: Bool) {
        self.limit = limit
        self.rate = rate
        self.serviceMean = serviceMean
        overdue = lateAreFirst ? Double(sample.late) : 0
        waiting = Double(max(0, sample.waiting - sample.late))
        ageStep = max(sample.ageStep, 1e-6)
        var sums = [Double](repeating: 0, count: sample.waitingByAge.count + 1)
        for index in sample.waitingByAge.indices.reversed() {
            sums[index] = sums[index + 1] + Double(sample.waitingByAge[index])
        }
        atLeast = sums
        ready = Double(sample.ready)
        pending = sample.pending.map { max(0, $0 - sample.now) }
        pendingSum = pending.reduce(0, +)
        residual = Double(sample.busy) * serviceMean / 2
    }

    /// Tasks, waiting or expected, that must have started within so many seconds.
    func due(_ seconds: Double) -> Double {
        let ahead = seconds - limit
        guard ahead < 0 else { return overdue + waiting + rate * ahead }
        let steps = -ahead / ageStep
        guard steps < Double(atLeast.count - 1) else { return overdue }
        let index = Int(steps)
        let share = steps - Double(index)
        return overdue + min(waiting, atLeast[index] + share * (atLeast[index + 1] - atLeast[index]))
    }

    /// The same in slot-seconds.
    func work(_ seconds: Double) -> Double { serviceMean * due(seconds) }

    /// Slot-seconds for waiting tasks until then, of the slots that there are and those that were launched.
    func capacity(_ seconds: Double) -> Double {
        var sum = ready * seconds - residual
        if let last = pending.last, last <= seconds {
            return sum + Double(pending.count) * seconds - pendingSum
        }
        for instant in pending {
            guard instant < seconds else { break }
            sum += seconds - instant
        }
        return sum
    }
}
