import SojournPromise

/// A queue in virtual time, in steps of a tenth of a second; every task runs for the same time.
struct Line {
    let level: ServiceLevel
    let service: Double
    var policy: any ScalingPolicy
    var load: LoadEstimator
    var meter: TrafficMeter
    private(set) var now = 0.0
    private(set) var slots: Int
    private(set) var pending: [Double] = []
    private(set) var waits: [Double] = []
    private(set) var advice: [(now: Double, slots: Int, before: Int, reason: String)] = []
    private(set) var sample = QueueSample()
    private var waiting: [Double] = []
    private var running: [(start: Double, end: Double)] = []
    private var owed = 0.0
    private var steps = 0

    init(_ level: ServiceLevel, slots: Int, service: Double, policy: any ScalingPolicy) {
        self.level = level
        self.service = service
        self.slots = slots
        self.policy = policy
        load = LoadEstimator(level: level)
        meter = TrafficMeter(limit: level.limit)
    }

    var current: Int { slots + pending.count }

    /// Lets so many seconds pass with `rate` evenly spread arrivals per second.
    mutating func run(_ seconds: Double, rate: Double, serviceFactor: Double = 1) {
        for _ in 0..<Int(seconds * 10) {
            if steps % Int(policy.interval * 10) == 0 { decide() }
            steps += 1
            now = Double(steps) / 10
            while let first = pending.first, first <= now {
                pending.removeFirst()
                slots += 1
            }
            for attempt in running where attempt.end <= now { meter.finish(since: attempt.start, at: attempt.end) }
            running.removeAll { $0.end <= now }
            owed += rate / 10
            while owed >= 1 {
                owed -= 1
                meter.arrive(at: now)
                waiting.append(now)
            }
            start(service * serviceFactor)
        }
    }

    /// Takes slots away without having been asked.
    mutating func lose(_ count: Int) { slots -= count }

    private mutating func start(_ service: Double) {
        let count = max(0, min(waiting.count, slots - running.count))
        for since in waiting.prefix(count) {
            meter.start(since: since, at: now)
            waits.append(now - since)
            running.append((now, now + service))
        }
        waiting.removeFirst(count)
    }

    private mutating func decide() {
        sample = meter.sample(at: now, ready: slots, pending: pending)
        load.update(sample)
        guard let answer = policy.decide(sample, load) else { return }
        advice.append((now, answer.slots, current, answer.reason))
        if answer.slots > current {
            pending += repeatElement(now + level.startup, count: answer.slots - current)
        } else {
            let dropped = min(pending.count, current - answer.slots)
            pending.removeLast(dropped)
            slots = answer.slots - pending.count
        }
    }
}
