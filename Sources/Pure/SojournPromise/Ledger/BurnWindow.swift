/// Counts what was kept and what was broken over the last stretch of time; O(1) per event, 60 steps of memory.
struct BurnWindow: Sendable {
    private static let steps = 60
    /// Seconds of one step.
    private let width: Double
    private var buckets = [Tally](repeating: Tally(), count: BurnWindow.steps)
    /// The number of the newest step since the origin of time.
    private var newest: Int?
    private var total = Tally()

    /// A window of so many seconds.
    init(seconds: Double) { width = seconds / Double(Self.steps) }

    /// Counts at an instant; one before the window is left out.
    mutating func add(_ tally: Tally, at instant: Double) {
        guard let step = step(of: instant) else { return }
        advance(to: step)
        guard let newest, newest &- step < Self.steps else { return }
        buckets[Self.slot(step)] += tally
        total += tally
    }

    /// What the window that ends at `instant` holds; for one before the last event, the window that ends with that.
    func tally(at instant: Double) -> Tally {
        var tally = total
        for passed in slotsPassed(to: step(of: instant)) { tally -= buckets[passed] }
        return tally
    }

    private mutating func advance(to step: Int) {
        for passed in slotsPassed(to: step) {
            total -= buckets[passed]
            buckets[passed] = Tally()
        }
        newest = max(newest ?? step, step)
    }

    /// The buckets whose time is over when `step` begins.
    private func slotsPassed(to step: Int?) -> LazyMapSequence<Range<Int>, Int> {
        guard let step, let newest, step > newest else { return (0..<0).lazy.map(Self.slot) }
        let passed = step.subtractingReportingOverflow(newest)
        let count = passed.overflow ? Self.steps : min(passed.partialValue, Self.steps)
        return (step - count + 1..<step + 1).lazy.map(Self.slot)
    }

    /// nil where the instant is no number that can be counted from the origin of time.
    private func step(of instant: Double) -> Int? {
        let step = (instant / width).rounded(.down)
        return step.magnitude < 0x1p53 ? Int(exactly: step) : nil
    }

    private static func slot(_ step: Int) -> Int { (step % steps + steps) % steps }
}

/// Promises that were kept and promises that were broken.
public struct Tally: Sendable, Hashable {
    /// Tasks that started in time.
    public var met = 0
    /// Tasks that did not.
    public var breached = 0

    /// Both.
    public var total: Int { met + breached }
    /// The share of ``met``; nil where nothing was counted.
    public var attainment: Double? { total == 0 ? nil : Double(met) / Double(total) }

    static func += (left: inout Self, right: Self) {
        left.met += right.met
        left.breached += right.breached
    }

    static func -= (left: inout Self, right: Self) {
        left.met -= right.met
        left.breached -= right.breached
    }
}
