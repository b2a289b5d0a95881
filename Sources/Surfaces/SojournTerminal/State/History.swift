import SojournModel
import SojournWire

/// The last values of something, the newest last, in bounded memory.
struct History: Equatable {
    /// How many values are kept: as many as a wide terminal shows.
    static let capacity = 240

    private var ring: [Double?] = []
    private var next = 0

    /// How many values there are.
    var count: Int { ring.count }

    /// Adds a value; nil where nothing was known.
    mutating func add(_ value: Double?) {
        let value = value.flatMap { $0.isFinite ? $0 : nil }
        if ring.count < History.capacity {
            ring.append(value)
        } else {
            ring[next] = value
            next = (next + 1) % History.capacity
        }
    }

    /// The oldest value that is known.
    var oldest: Double? { last(History.capacity).lazy.compactMap { $0 }.first }

    /// At most `count` values, oldest first.
    func last(_ count: Int) -> [Double?] {
        let all = ring[next...] + ring[..<next]
        return Array(all.suffix(max(0, count)))
    }
}

/// How a queue went while it was watched.
struct QueueHistory: Equatable {
    /// Seconds that a task waited at that moment.
    var waits = History()
    /// Tasks that waited.
    var depths = History()
    /// Tasks that came per second.
    var rates = History()

    /// Seconds that an attempt took.
    var services = History()

    /// How many tasks had been refused at the last mark, and at the one before, a minute or more earlier.
    private var refused: Refusals?
    private var refusedBefore: Refusals?
    /// Since when fewer workers run than should.
    private var missingSince: Timestamp?

    mutating func add(_ facts: QueueFacts, at now: Timestamp) {
        waits.add(facts.waitNow?.inSeconds)
        depths.add(Double(facts.view.waiting))
        rates.add(facts.insight.arrivalRate)
        services.add(facts.insight.serviceTime?.inSeconds)
        missingSince = facts.isGrowing ? missingSince ?? now : nil
        guard let count = facts.insight.refusals else { return }
        if let last = refused, now.duration(since: last.at) < .seconds(60) { return }
        let seen = Refusals(count: count, at: now)
        refusedBefore = refused ?? seen
        refused = seen
    }

    /// What a judgement of this moment remembers.
    func past(at now: Timestamp) -> QueuePast {
        QueuePast(
            service: services.oldest.map { Duration.clamping(seconds: $0) }, refusals: refusedBefore?.count,
            missing: missingSince.map { now.duration(since: $0) } ?? .zero)
    }
}

/// How many tasks had been refused at a moment.
private struct Refusals: Equatable {
    var count: Int
    var at: Timestamp
}
