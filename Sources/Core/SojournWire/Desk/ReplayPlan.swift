public import SojournCore
public import SojournModel

/// How a replay goes on: how many dead letters next, and how long to wait before. A plain value.
public struct ReplayPlan: Sendable {
    /// Most dead letters of one step, so that nobody else waits long for the store.
    public static let step = 1_000

    /// Which dead letters the next step is about.
    public private(set) var filter: TaskFilter
    /// How many may still go back.
    public private(set) var left: Int
    private let rate: Double?
    private var asked = 0
    private var isDry = false
    private var begin: Timestamp?

    /// A plan for `left` dead letters at most, `rate` per second or, where that is nil, as fast as it goes.
    public init(filter: TaskFilter, left: Int, rate: Double?) {
        self.filter = filter
        self.left = left
        self.rate = rate
    }

    /// Whether nothing is left to do.
    public var isOver: Bool { left <= 0 || isDry }

    /// The next step: how many to ask for, after which pause. With a rate, a step is what one second allows for, but at
    /// least one and at most ``step``, and the pause is what makes the rate of it.
    ///
    /// From the second step on, only letters are meant that were there when the plan began: one that died again in the
    /// meantime has had its chance. The first step takes what it finds, in case the store's clock is ahead.
    public mutating func next(at now: Timestamp) -> (count: Int, pause: Duration) {
        let count = rate.map { Int(max(1, min($0, Double(Self.step)))) } ?? Self.step
        asked = min(left, count)
        guard let begin else {
            // Those of this very instant are meant too.
            begin = now.advanced(by: .microseconds(1))
            return (asked, .zero)
        }
        filter.finishedBefore = min(filter.finishedBefore ?? begin, begin)
        return (asked, rate.map { .seconds(Double(count) / $0) } ?? .zero)
    }

    /// Tells that nobody knows how many of those asked for went back: all of them count as gone.
    public mutating func lost() { left -= asked }

    /// Tells how many of those asked for went back.
    public mutating func replayed(_ count: Int) {
        left -= count
        isDry = count < asked
    }
}
