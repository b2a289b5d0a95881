#if HTTP
import SojournCore
import SojournModel

/// How a paced replay goes on: how many dead letters next, and how long to wait before. A plain value.
struct ReplayPlan: Sendable {
    let filter: TaskFilter
    /// How many may still go back.
    private(set) var left: Int
    private let rate: Double
    private var asked = 0
    private var isDry = false
    private var isBegun = false

    init(filter: TaskFilter, left: Int, rate: Double) {
        self.filter = filter
        self.left = left
        self.rate = rate
    }

    /// Whether nothing is left to do.
    var isOver: Bool { left <= 0 || isDry }

    /// The next step: how many to ask for, after which pause. A step is what one second allows for, at least one.
    mutating func next() -> (count: Int, pause: Duration) {
        asked = min(left, max(1, Int(rate)))
        defer { isBegun = true }
        return (asked, isBegun ? .seconds(max(1, 1 / rate)) : .zero)
    }

    /// Tells how many of those asked for went back.
    mutating func replayed(_ count: Int) {
        left -= count
        isDry = count < asked
    }
}
#endif
