import SojournModel

/// A line before several slots in first-come-first-served order (Lindley's recursion with c servers), for tests.
struct FifoLine {
    struct Visit {
        var arrival: Double
        var start: Double
        var end: Double
    }

    /// When each slot becomes free.
    private var free: [Double]

    init(slots: Int) { free = Array(repeating: 0, count: slots) }

    /// A task that comes at `arrival`, not before the one before it.
    mutating func visit(arrival: Double, service: Double) -> Visit {
        var next = 0
        for slot in free.indices where free[slot] < free[next] { next = slot }
        let start = max(arrival, free[next])
        free[next] = start + service
        return Visit(arrival: arrival, start: start, end: start + service)
    }

    /// Slots that are busy at `instant`, when nothing waits.
    func busy(at instant: Double) -> Int { free.reduce(0) { $0 + ($1 > instant ? 1 : 0) } }

    /// The visits until `end` of tasks that come at `rate(t)` per second, with exponential times.
    static func visits(
        slots: Int, mean: Double, until end: Double, using dice: inout Dice, rate: (Double) -> Double
    ) -> [Visit] {
        var line = FifoLine(slots: slots)
        var visits: [Visit] = []
        var now = 0.0
        while true {
            now += dice.exponential(mean: 1 / rate(now))
            guard now < end else { return visits }
            visits.append(line.visit(arrival: now, service: dice.exponential(mean: mean)))
        }
    }
}

/// Seeded chance (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Uniform in (0, 1].
    mutating func unit() -> Double { (Double(next() >> 11) + 1) / 9_007_199_254_740_992 }
}
