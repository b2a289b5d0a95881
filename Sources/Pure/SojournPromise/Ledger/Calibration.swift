/// Learns how many spreads above the mean a quoted wait must be so that it holds for 95 of 100 tasks.
///
/// This is adaptive conformal inference (Gibbs & Candès 2021): after every task
/// `z ← z + γ·(missed - ε)`. Whatever the true distribution is and however it drifts, the share of misses differs from
/// ε by at most `range/(γ·tasks)`. Short and long lines have waits of other shapes, so each has a z of its own.
/// What counts is whether the bound held that was quoted, not one that is known now; so the promise to the tasks is
/// what is calibrated, although its outcome is known only after the wait.
public struct Calibration: Sendable {
    /// How often the bounds held that were quoted.
    public struct Coverage: Sendable, Hashable {
        /// Tasks that started.
        public var tasks: Int
        /// Those that started no later than quoted.
        public var held: Int
        /// The share of ``held`` among the last 10,000 tasks; nil where there was none.
        public var recent: Double?

        /// The share of ``held``; nil where no task has started.
        public var share: Double? { tasks == 0 ? nil : Double(held) / Double(tasks) }
    }

    /// The shape of the line that a task was quoted.
    public enum Line: Int, Sendable, Hashable, CaseIterable {
        /// The wait is chance: less than three spreads.
        case short
        /// The wait is work that is known.
        case long

        /// The line of that quote.
        public init(_ quote: WaitQuote) { self = quote.mean < 3 * quote.spread ? .short : .long }
    }

    /// The least and the greatest z. Below, the line is shorter than its fleet explains: it is growing. That ends at
    /// once, and then z must not have far to go.
    public static let range = -2.0...12.0
    private static let window = 10_000
    private let miss: Double
    private let step: Double
    private let grace: Double
    private var factors: [Double]
    private var total = Record()
    private var waited = Record()

    /// A calibration that has seen nothing.
    ///
    /// - Parameters:
    ///   - coverage: the share of the quoted bounds that shall hold.
    ///   - step: γ, how fast z follows; at 0.02 a change is learnt in a few hundred tasks.
    ///   - grace: seconds by which a task may be later than quoted and the quote still counts as held: what a claim
    ///     takes where a slot is free.
    public init(coverage: Double = 0.95, step: Double = 0.02, grace: Double = 0) {
        miss = 1 - min(max(coverage, 0.5), 0.9999)
        self.step = min(max(step, 1e-6), 1)
        self.grace = max(0, grace)
        // Of an exponential wait 95 % are below mean + 2 spreads, of a normal one below mean + 1.645 spreads.
        factors = [2, 1.645]
    }

    /// The spreads that are added to the mean in a line of that kind.
    public func z(_ line: Line) -> Double { factors[line.rawValue] }

    /// The wait to quote, in seconds; 0 where a slot is free.
    public func bound(_ quote: WaitQuote) -> Double {
        guard quote.mean > 0 else { return 0 }
        return max(0, quote.mean + z(Line(quote)) * quote.spread)
    }

    /// A task started after `actual` seconds that had been quoted at most `bound`.
    public mutating func observe(_ quote: WaitQuote, bound: Double, actual: Double) {
        guard bound.isFinite, actual.isFinite, quote.mean.isFinite else { return }
        let isHeld = actual <= bound + grace
        total.append(isHeld)
        guard quote.mean > 0 else { return }
        waited.append(isHeld)
        guard quote.spread > 0 else { return }
        let line = Line(quote).rawValue
        let moved = factors[line] + step * ((isHeld ? 0 : 1) - miss)
        factors[line] = min(max(moved, Self.range.lowerBound), Self.range.upperBound)
    }

    /// Of all tasks.
    public var all: Coverage { total.coverage }
    /// Of the tasks that were quoted a wait.
    public var waiting: Coverage { waited.coverage }

    private struct Record: Sendable {
        var tasks = 0
        var held = 0
        var recent = HitRing(capacity: Calibration.window)

        mutating func append(_ isHeld: Bool) {
            tasks += 1
            held += isHeld ? 1 : 0
            recent.append(isHeld)
        }

        var coverage: Coverage { Coverage(tasks: tasks, held: held, recent: recent.share) }
    }
}
