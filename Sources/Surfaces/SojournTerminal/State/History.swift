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

    mutating func add(_ facts: QueueFacts) {
        waits.add(facts.waitNow?.inSeconds)
        depths.add(Double(facts.view.waiting))
        rates.add(facts.insight.arrivalRate)
        services.add(facts.insight.serviceTime?.inSeconds)
    }
}
