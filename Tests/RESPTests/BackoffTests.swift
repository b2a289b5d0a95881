#if Redis
import NIOCore
import SojournTestKit
import Testing

@testable import RESP

@Suite("Backoff") struct BackoffTests {
    private let backoff = Backoff(base: .milliseconds(50), cap: .seconds(2))

    @Test(arguments: [
        (0, 50), (1, 100), (2, 200), (5, 1600), (6, 2000), (7, 2000), (1000, 2000), (.max, 2000), (-1, 50),
    ])
    func doublesUpToItsCap(attempt: Int, milliseconds: Int64) {
        #expect(backoff.delay(attempt: attempt, chance: 1) == .milliseconds(milliseconds))
        #expect(backoff.delay(attempt: attempt, chance: 0) == .microseconds(milliseconds * 500))
    }

    @Test func jitterStaysBetweenHalfAndAll() {
        var random = SplitMix64(seed: 1)
        let delays = (0..<1000).map { _ in
            backoff.delay(attempt: 3, chance: .random(in: 0...1, using: &random)).nanoseconds / 1_000_000
        }
        #expect(delays.allSatisfy { (200...400).contains($0) })
        #expect(Set(delays).count > 100)
    }

    @Test func hugeBasesDoNotOverflow() {
        let huge = Backoff(base: .nanoseconds(.max), cap: .seconds(3))
        #expect(huge.delay(attempt: 20, chance: 1) == .seconds(3))
    }
}
#endif
