import SojournModel
import SojournTestKit

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
