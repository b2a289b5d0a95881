import SojournModel
import Testing

@testable import SojournLoad

@Suite("Spread of times") struct SpreadTests {
    @Test func percentilesAreThoseOfTheSortedTimes() throws {
        var spread = Spread()
        for number in (1...1_000).reversed() { spread.add(.microseconds(number * 37)) }
        #expect(spread.count == 1_000)
        for percent in [50.0, 95, 99] {
            let exact = percent * 10 * 37
            let seen = try #require(spread.percentile(percent)).wholeMicroseconds
            #expect(abs(Double(seen) / exact - 1) < 0.002, "\(percent): \(seen), \(exact)")
        }
        let longest = try #require(spread.max).wholeMicroseconds
        #expect(abs(Double(longest) / 37_000 - 1) < 0.002)
    }

    @Test func theShareWithinALimit() throws {
        var spread = Spread()
        #expect(spread.share(within: .seconds(1)) == nil)
        for number in 1...100 { spread.add(.milliseconds(number)) }
        let share = try #require(spread.share(within: .milliseconds(25)))
        #expect(abs(share - 0.25) < 0.011)
        #expect(spread.share(within: .seconds(3_600 * 24 * 365)) == 1)
        #expect(spread.share(within: .zero) == 0)
    }

    @Test func extremesAreTaken() {
        var spread = Spread()
        for duration in [Duration.seconds(-5), .zero, .seconds(86_400), .seconds(Int64.max)] { spread.add(duration) }
        #expect(spread.count >= 3)
        #expect(spread.percentile(1) == .zero)
    }

    @Test func nothingHasNoPercentile() {
        #expect(Spread().percentile(50) == nil)
        #expect(Spread().max == nil)
    }
}
