import SojournSimulation

/// When the tasks of an open loop come, whatever becomes of those before them.
public struct Arrivals: Sendable, Hashable {
    /// How the gaps between tasks are.
    public enum Process: String, Sendable, Hashable, CaseIterable {
        /// Exponential: tasks come independently of each other, as from many people.
        case poisson
        /// All the same.
        case constant
    }

    /// How the rate changes.
    public enum Shape: Sendable, Hashable {
        /// Not at all.
        case steady
        /// A flash crowd: from `start` on, for `length`, `factor` times the rate. In seconds.
        case flash(factor: Double, start: Double, length: Double)
        /// In turns `on` seconds at the rate and `off` seconds without a task.
        case onOff(on: Double, off: Double)
    }

    /// Tasks per second; more than 0.
    public var rate: Double
    /// How the gaps are.
    public var process: Process
    /// How the rate changes.
    public var shape: Shape

    /// Arrivals from their parts.
    public init(rate: Double, process: Process = .poisson, shape: Shape = .steady) {
        self.rate = rate
        self.process = process
        self.shape = shape
    }
}

/// The moments of arrivals, in seconds from the beginning; without an end.
///
/// A gap is drawn as an amount of expected tasks (1, or exponential with mean 1) and spent at the rate of the moment,
/// so that the process stays what it is while its rate changes.
struct ArrivalTimes: Sequence, IteratorProtocol {
    private let arrivals: Arrivals
    private var random: NumPyRandom
    private var now = 0.0
    private var stretch = 0
    private var left: Double

    init(_ arrivals: Arrivals, random: NumPyRandom) {
        self.arrivals = arrivals
        self.random = random
        left = arrivals.stretch(0).length
    }

    mutating func next() -> Double? {
        var gap = arrivals.process == .poisson ? random.exponential(1) : 1
        while true {
            let rate = arrivals.stretch(stretch).rate
            if gap <= rate * left {
                now += gap / rate
                left -= gap / rate
                return now
            }
            gap -= rate * left
            now += left
            stretch += 1
            left = arrivals.stretch(stretch).length
        }
    }
}

extension Arrivals {
    /// The stretch of that number, counted from 0: how long its rate holds, and tasks per second.
    fileprivate func stretch(_ number: Int) -> (length: Double, rate: Double) {
        switch shape {
        case .steady: (.infinity, rate)
        case .flash(let factor, let start, let length):
            number == 0 ? (start, rate) : number == 1 ? (length, rate * factor) : (.infinity, rate)
        case .onOff(let on, let off): number.isMultiple(of: 2) ? (on, rate) : (off, 0)
        }
    }
}
