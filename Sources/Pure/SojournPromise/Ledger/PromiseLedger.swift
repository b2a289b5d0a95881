/// The books of one queue's promise: what was kept, what was broken, and how fast the error budget burns.
///
/// Times are seconds from an origin that never changes. O(1) per event, about 4 KB.
public struct PromiseLedger: Sendable {
    /// The stretches of time over which it counts.
    public enum Window: Int, Sendable, Hashable, CaseIterable {
        case fiveMinutes, hour, sixHours, threeDays

        /// Its length in seconds.
        public var seconds: Double {
            switch self {
            case .fiveMinutes: 300
            case .hour: 3_600
            case .sixHours: 21_600
            case .threeDays: 259_200
            }
        }
    }

    /// ε: the share of tasks that may start late, or never.
    public let miss: Double
    /// Everything since the beginning.
    public private(set) var allTime = Tally()
    private var windows: [BurnWindow]

    /// An empty ledger of a promise that allows for the share `miss` of late starts.
    public init(miss: Double) {
        self.miss = min(max(miss, 0), 1)
        windows = Window.allCases.map { BurnWindow(seconds: $0.seconds) }
    }

    /// A task started that was promised to start by `deadline`. Says whether that was kept.
    @discardableResult
    public mutating func start(promisedBy deadline: Double, at instant: Double) -> Bool {
        let isMet = instant <= deadline
        count(Tally(met: isMet ? 1 : 0, breached: isMet ? 0 : 1), at: instant)
        return isMet
    }

    /// A task died at `instant` that was promised to start, and never did.
    public mutating func giveUp(at instant: Double) { count(Tally(breached: 1), at: instant) }

    private mutating func count(_ tally: Tally, at instant: Double) {
        allTime += tally
        for index in windows.indices { windows[index].add(tally, at: instant) }
    }

    /// What was counted in the last stretch of time before `now`, to a sixtieth of its length.
    public func tally(_ window: Window, at now: Double) -> Tally {
        windows[window.rawValue].tally(at: now)
    }

    /// The share of late starts over the allowed share: at 1 the budget is used up exactly. 0 where nothing started;
    /// infinite where nothing is allowed and something was late.
    public func burnRate(_ window: Window, at now: Double) -> Double { burn(tally(window, at: now)) }

    private func burn(_ tally: Tally) -> Double {
        guard tally.breached > 0 else { return 0 }
        return Double(tally.breached) / Double(tally.total) / miss
    }
}
