/// Waiting tasks by the moment from which they wait, to a resolution of a 64th of the promise; O(1) per event.
///
/// A ring of counts, one per step of time. What falls out of the ring at the old end is late.
struct WaitingAges: Sendable {
    private static let steps = 64
    /// Seconds per count.
    let step: Double
    private var counts = [Int](repeating: 0, count: WaitingAges.steps + 1)
    /// The step that `counts` ends with, counted from the origin of time.
    private var newest = 0
    /// Tasks that wait for longer than the promise allows.
    private(set) var late = 0

    init(limit: Double) { step = max(limit, 0.001) / Double(Self.steps) }

    /// Brings the ring up to `now`.
    mutating func advance(to now: Double) {
        let index = self.index(of: now)
        guard index > newest else { return }
        for next in (newest + 1)...min(index, newest + counts.count) {
            let slot = next % counts.count
            late += counts[slot]
            counts[slot] = 0
        }
        newest = index
    }

    /// Counts `count` tasks that wait since `instant`; a negative count takes them away. An attempt may be told of
    /// before the arrival of its task, so that a count is below zero for a moment.
    mutating func add(_ count: Int, since instant: Double) {
        if let slot = slot(of: instant) { counts[slot] += count } else { late += count }
    }

    /// Tasks that are not late, youngest first; without the empty end.
    var byAge: [Int] {
        var ages = (0..<min(counts.count, newest + 1)).map { max(0, counts[(newest - $0) % counts.count]) }
        while ages.last == 0 { ages.removeLast() }
        return ages
    }

    /// Tasks that are not late and have waited for at least `age` seconds.
    func count(olderThan age: Double) -> Int {
        let first = max(0, Int(exactly: (age / step).rounded(.up)) ?? counts.count)
        let end = min(counts.count, newest + 1)
        guard first < end else { return 0 }
        return (first..<end).reduce(0) { sum, back in
            sum + max(0, counts[(newest - back) % counts.count])
        }
    }

    /// Instants of the future count as now: a clock may run ahead.
    private func slot(of instant: Double) -> Int? {
        let index = min(self.index(of: instant), newest)
        guard index > newest - counts.count, index >= 0 else { return nil }
        return index % counts.count
    }

    private func index(of instant: Double) -> Int { Int(exactly: (instant / step).rounded(.down)) ?? 0 }
}
