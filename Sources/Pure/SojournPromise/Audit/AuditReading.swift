public import SojournModel

extension LittlesLawAudit {
    /// What the audit shows at one instant.
    public struct Reading: Sendable, Hashable {
        /// When it was read.
        public var instant: Timestamp
        /// I - (J + P) in task-seconds: exactly 0 where every task was counted once in and once out, at its own stamps.
        public var gap: Double
        /// What ``gap`` grew by over the last 60 s, as a share of what the larger side grew by; 0 where none was there.
        /// Of all that was counted since the start, a new leak would be a small share, and an old one would never end.
        public var relativeGap: Double
        /// Growth of the gap over the last 60 s, in task-seconds per second: in tasks.
        public var slope: Double
        /// Departures per second over the same time.
        public var throughput: Double
        /// The clocks of the consumers minus the clock of the backend; nil where no departure told both.
        public var clockOffset: ClockOffset?
    }

    /// The clocks of the consumers minus the clock of the backend over the last 60 s, in seconds.
    public struct ClockOffset: Sendable, Hashable {
        /// The mean; it contains the mean time that a report was on its way.
        public var mean: Double
        /// The least: the report that was on its way for the shortest time.
        public var minimum: Double

        /// What is certain of it: no report travels for less than no time, so the least is the best estimate of a
        /// clock that is ahead. One that is behind pulls the mean below zero; the least would be that of an outlier.
        public var estimate: Double { minimum > 0 ? minimum : min(mean, 0) }
    }

    /// What is wrong, if anything. Its ``description`` is a sentence for people.
    public enum Diagnosis: Sendable, Hashable {
        /// Depth and stays agree.
        case clean
        /// The depth counts `tasks` that are not there; where negative, it misses tasks that are.
        case leak(tasks: Int, since: Timestamp)
        /// The consumers' clocks are ahead by `offset` seconds; where negative, behind.
        case clock(offset: Double, since: Timestamp)
        /// The gap grows by `slope` tasks, and there are not enough data yet to say why.
        case unexplained(slope: Double, since: Timestamp)
    }
}

extension LittlesLawAudit.Diagnosis: CustomStringConvertible {
    /// One line for people, for example `1 task leaked or double-counted since 12:03:10Z`.
    public var description: String {
        switch self {
        case .clean:
            "depth and waits agree"
        case .leak(let tasks, let since):
            "\(tasks.magnitude) \(tasks.magnitude == 1 ? "task" : "tasks") "
                + (tasks > 0 ? "leaked or double-counted" : "left without being counted")
                + " since \(TimeOfDay.utc(since))"
        case .clock(let offset, let since):
            "consumer clock \(offset > 0 ? "ahead" : "behind") by \(Self.milliseconds(offset)) ms"
                + " since \(TimeOfDay.utc(since))"
        case .unexplained(let slope, let since):
            "depth and waits drift apart by \(Self.tenths(slope)) tasks since \(TimeOfDay.utc(since))"
        }
    }

    private static func milliseconds(_ seconds: Double) -> Int {
        Int(exactly: (seconds.magnitude * 1000).rounded()) ?? Int.max
    }

    private static func tenths(_ number: Double) -> Double { (number * 10).rounded() / 10 }

    /// Since when; nil for ``clean``.
    public var since: Timestamp? {
        switch self {
        case .clean: nil
        case .leak(_, let since), .clock(_, let since), .unexplained(_, let since): since
        }
    }
}
