/// Counts what happens to the tasks of one queue: a few additions per event, whatever the backend.
///
/// Events may come out of order by a little; the integrals are corrected, so that they are exact all the same.
public struct TrafficMeter: Sendable {
    private var total = QueueSample()
    private var ages: WaitingAges

    /// A meter for a queue whose tasks shall start within `limit` seconds, from the instant `now` on.
    public init(limit: Double, now: Double = 0) {
        ages = WaitingAges(limit: limit)
        ages.advance(to: now)
        total.now = now
    }

    /// Tasks that came to wait so far, those that were refused left out.
    public var arrivals: Int { total.arrived - total.refused }
    /// Tasks that wait now.
    public var waiting: Int { total.waiting }
    /// Attempts that run now.
    public var busy: Int { total.busy }

    /// `count` tasks may start from `instant` on: new ones, due ones, ones that were handed back.
    public mutating func arrive(_ count: Int = 1, at instant: Double) {
        total.arrived += count
        move(waiting: count, at: instant)
        ages.add(count, since: instant)
    }

    /// `count` tasks were refused.
    public mutating func refuse(_ count: Int = 1) {
        total.arrived += count
        total.refused += count
    }

    /// An attempt of a task that could start since `available` started at `instant`.
    public mutating func start(since available: Double, at instant: Double) {
        total.started += 1
        move(waiting: -1, at: instant)
        ages.add(-1, since: available)
        move(busy: 1, at: instant)
    }

    /// A task that waited since `available` left without an attempt.
    public mutating func leave(since available: Double, at instant: Double) {
        move(waiting: -1, at: instant)
        ages.add(-1, since: available)
    }

    /// An attempt ended that started at `started`.
    public mutating func finish(since started: Double, at instant: Double) {
        let service = max(0, instant - started)
        total.completed += 1
        total.serviceSum += service
        total.serviceSquareSum += service * service
        move(busy: -1, at: instant)
    }

    /// An attempt ended of which nothing more is known.
    public mutating func vanish(at instant: Double) { move(busy: -1, at: instant) }

    /// An attempt that ended will be followed by another one of the same task.
    public mutating func retries() { total.retried += 1 }

    /// Corrects the number of waiting tasks by `count`: so many were missed, or counted in vain, since `instant`.
    public mutating func correct(by count: Int, since instant: Double, at now: Double) {
        guard count != 0 else { return }
        move(waiting: count, at: now)
        ages.add(count, since: instant)
    }

    /// Waiting tasks that are late at `now`.
    public mutating func late(at now: Double) -> Int {
        ages.advance(to: now)
        return max(0, min(ages.late, total.waiting))
    }

    /// Waiting tasks that are not late and have waited for at least `age` seconds at `now`.
    public mutating func inTime(olderThan age: Double, at now: Double) -> Int {
        ages.advance(to: now)
        return ages.count(olderThan: age)
    }

    /// Everything counted up to `now`, for a fleet of so many ready slots and those that are on their way.
    public mutating func sample(at now: Double, ready: Int, pending: [Double]) -> QueueSample {
        advance(to: now)
        var sample = total
        sample.late = max(0, min(ages.late, sample.waiting))
        sample.ageStep = ages.step
        sample.waitingByAge = ages.byAge
        // Somewhere in its step.
        sample.oldestWait = max(0, Double(sample.waitingByAge.count) - 0.5) * ages.step
        sample.ready = ready
        sample.pending = pending
        return sample
    }

    private mutating func move(waiting count: Int, at instant: Double) {
        advance(to: instant)
        // An event of the past changes what was integrated since.
        total.waitingSeconds += Double(count) * (total.now - instant)
        total.waiting += count
    }

    private mutating func move(busy count: Int, at instant: Double) {
        advance(to: instant)
        total.busySeconds += Double(count) * (total.now - instant)
        total.busy += count
    }

    private mutating func advance(to instant: Double) {
        let passed = instant - total.now
        guard passed > 0 else { return }
        total.waitingSeconds += Double(total.waiting) * passed
        total.busySeconds += Double(total.busy) * passed
        total.now = instant
        ages.advance(to: instant)
    }
}
