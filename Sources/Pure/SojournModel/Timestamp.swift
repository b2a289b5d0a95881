/// An instant: microseconds since the Unix epoch.
///
/// Exact in a SQLite integer, in Postgres `timestamptz` and in the score of a Redis sorted set.
/// Arithmetic saturates, because instants come from outside.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var microseconds: Int64

    /// An instant from microseconds since the Unix epoch.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The instant before every other one.
    public static let distantPast = Timestamp(microseconds: .min)
    /// The instant after every other one.
    public static let distantFuture = Timestamp(microseconds: .max)

    /// Earlier instants are smaller.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.microseconds < rhs.microseconds }

    /// This instant plus `duration`, or the end of time where that does not fit.
    public func advanced(by duration: Duration) -> Self {
        let (sum, overflow) = self.microseconds.addingReportingOverflow(duration.wholeMicroseconds)
        if overflow { return duration < .zero ? .distantPast : .distantFuture }
        return Self(microseconds: sum)
    }

    /// The time from `earlier` to this instant; negative where `earlier` is later.
    public func duration(since earlier: Self) -> Duration {
        let (difference, overflow) = self.microseconds.subtractingReportingOverflow(earlier.microseconds)
        if overflow { return .microseconds(self < earlier ? Int64.min : Int64.max) }
        return .microseconds(difference)
    }
}

extension Duration {
    /// Microseconds, rounded towards zero; the nearest `Int64` where they do not fit.
    public var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (micros, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carry) = micros.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        if carry { return seconds < 0 ? .min : .max }
        return sum
    }

    /// Seconds, as a floating-point number.
    public var inSeconds: Double {
        let (seconds, attoseconds) = self.components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    /// A duration from seconds, clamped to ±``Limits/horizon``; not-a-number is zero. Never traps.
    public static func clamping(seconds: Double) -> Duration {
        guard !seconds.isNaN else { return .zero }
        let bound = Limits.horizon.inSeconds
        return .seconds(min(max(seconds, -bound), bound))
    }

    /// This duration within `range`.
    public func clamped(to range: ClosedRange<Duration>) -> Duration {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
