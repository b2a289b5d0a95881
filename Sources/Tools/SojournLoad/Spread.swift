import Histogram
import SojournModel
import SojournWire

/// Times, and how they are spread: to three digits, from a microsecond to an hour and more.
public struct Spread: Sendable {
    private var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

    /// No times.
    public init() {}

    /// How many there are.
    public var count: Int { Int(clamping: histogram.totalCount) }
    /// The longest; nil where there is none.
    public var max: Duration? { count == 0 ? nil : .microseconds(Int64(clamping: histogram.maxRecorded)) }

    /// Adds one; below zero it counts as zero.
    public mutating func add(_ duration: Duration) {
        _ = histogram.record(UInt64(clamping: Swift.max(0, duration.wholeMicroseconds)))
    }

    /// The time that `percent` per cent do not exceed; nil where there is none.
    public func percentile(_ percent: Double) -> Duration? {
        count == 0 ? nil : .microseconds(Int64(clamping: histogram.valueAtPercentile(percent)))
    }

    /// The share of times, 0 to 1, that are at most `limit`; nil where there is none.
    public func share(within limit: Duration) -> Double? {
        guard count > 0 else { return nil }
        let limit = min(UInt64(clamping: Swift.max(0, limit.wholeMicroseconds)), histogram.maxRecorded)
        return Double(histogram.count(within: 0...limit)) / Double(count)
    }

    /// Writes it as a field, in seconds.
    func write(_ name: StaticString, to writer: inout JSONWriter) {
        writer.object(name) { writer in
            writer.field("p50", seconds: percentile(50))
            writer.field("p95", seconds: percentile(95))
            writer.field("p99", seconds: percentile(99))
            writer.field("max", seconds: max)
        }
    }
}
