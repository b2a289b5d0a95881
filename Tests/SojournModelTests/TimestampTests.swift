import SojournModel
import Testing

@Suite("Instants") struct TimestampTests {
    private static let longest = Duration.seconds(Int64.max)

    @Test(arguments: [
        (Timestamp(microseconds: 5), Duration.microseconds(7), Timestamp(microseconds: 12)),
        (Timestamp(microseconds: 5), .microseconds(-7), Timestamp(microseconds: -2)),
        (.distantFuture, .microseconds(1), .distantFuture),
        (.distantFuture, .zero, .distantFuture),
        (.distantPast, .microseconds(-1), .distantPast),
        (Timestamp(microseconds: 1), longest, .distantFuture),
        (Timestamp(microseconds: -2), .zero - longest, .distantPast),
        (.distantPast, longest, Timestamp(microseconds: -1)),
        (Timestamp(microseconds: 0), .nanoseconds(1_999), Timestamp(microseconds: 1)),
    ])
    func movesAndStopsAtTheEnds(start: Timestamp, by duration: Duration, end: Timestamp) {
        #expect(start.advanced(by: duration) == end)
    }

    @Test(arguments: [
        (Timestamp(microseconds: 12), Timestamp(microseconds: 5), Duration.microseconds(7)),
        (Timestamp(microseconds: 5), Timestamp(microseconds: 12), .microseconds(-7)),
        (.distantFuture, .distantPast, .microseconds(Int64.max)),
        (.distantPast, .distantFuture, .microseconds(Int64.min)),
        (.distantPast, .distantPast, .zero),
    ])
    func knowsTheTimeBetween(later: Timestamp, earlier: Timestamp, duration: Duration) {
        #expect(later.duration(since: earlier) == duration)
    }

    @Test(arguments: [
        (Duration.zero, Int64(0)), (.nanoseconds(1_999), 1), (.nanoseconds(-1_999), -1), (.seconds(-2), -2_000_000),
        (.milliseconds(-1_500), -1_500_000), (longest, .max), (.zero - longest, .min),
        (.microseconds(Int64.max), .max), (.microseconds(Int64.min), .min),
        (.microseconds(Int64.max) + .microseconds(1), .max), (.microseconds(Int64.min) - .microseconds(1), .min),
    ])
    func countsWholeMicroseconds(duration: Duration, expected: Int64) {
        #expect(duration.wholeMicroseconds == expected)
    }

    @Test(arguments: [
        (0.0, Duration.zero), (-0.0, .zero), (1.5, .milliseconds(1_500)), (-2, .seconds(-2)), (.nan, .zero),
        (.signalingNaN, .zero), (.infinity, Limits.horizon), (-.infinity, .zero - Limits.horizon),
        (1e300, Limits.horizon), (-1e300, .zero - Limits.horizon), (1e18, Limits.horizon),
        (.greatestFiniteMagnitude, Limits.horizon), (.leastNonzeroMagnitude, .zero),
    ])
    func makesADurationOfAnyNumber(seconds: Double, expected: Duration) {
        #expect(Duration.clamping(seconds: seconds) == expected)
    }

    @Test func tellsSeconds() {
        #expect(Duration.milliseconds(1_500).inSeconds == 1.5)
        #expect(Duration.milliseconds(-250).inSeconds == -0.25)
        #expect(Self.longest.inSeconds == Double(Int64.max))
    }

    @Test func clampsToARange() {
        let range = Duration.seconds(1) ... .seconds(9)
        #expect(Duration.zero.clamped(to: range) == .seconds(1))
        #expect(Duration.seconds(5).clamped(to: range) == .seconds(5))
        #expect(Duration.seconds(99).clamped(to: range) == .seconds(9))
    }

    @Test func isOrdered() {
        #expect(Timestamp.distantPast < Timestamp(microseconds: -1))
        #expect(Timestamp(microseconds: -1) < Timestamp(microseconds: 0))
        #expect(Timestamp(microseconds: 0) < .distantFuture)
    }
}
