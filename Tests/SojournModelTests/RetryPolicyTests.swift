import SojournModel
import SojournTestKit
import Testing

@Suite("Retry policy") struct RetryPolicyTests {
    private static let attempts =
        Array(1...70) + [100, 1_000, 10_000, 100_000, 1_000_000, .max, 0, -1, .min]
    private static let durations: [Duration] = [
        .zero, .nanoseconds(1), .milliseconds(500), .seconds(30), .seconds(86_400), Limits.horizon,
        .seconds(Int64.max), .seconds(-1),
    ]

    @Test(arguments: RetryPolicy.Strategy.allCases, RetryPolicy.Jitter.allCases)
    func neverOverTheCapAndNeverNegative(strategy: RetryPolicy.Strategy, jitter: RetryPolicy.Jitter) {
        var random = SplitMix64(seed: 1)
        for base in Self.durations {
            for cap in Self.durations {
                for spread in [Duration.zero, .seconds(1), Limits.horizon] {
                    let policy = RetryPolicy(
                        strategy: strategy, base: base, cap: cap, jitter: jitter, spread: spread)
                    let bad = Self.attempts.filter { attempt in
                        let delay = policy.delay(afterAttempt: attempt, random: &random)
                        return delay < .zero || delay > policy.cap
                    }
                    #expect(bad.isEmpty, "\(policy)")
                }
            }
        }
    }

    @Test(arguments: [
        (RetryPolicy.Strategy.exponential, [0.5, 1, 2, 4, 8, 16, 30, 30, 30]),
        (.linear, [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5]),
        (.fixed, [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]),
    ])
    func growsByItsStrategy(strategy: RetryPolicy.Strategy, seconds: [Double]) {
        var random = SplitMix64(seed: 1)
        let policy = RetryPolicy(strategy: strategy, jitter: .none)
        let delays = (1...9).map { policy.delay(afterAttempt: $0, random: &random).inSeconds }
        #expect(delays == seconds)
    }

    @Test(arguments: RetryPolicy.Strategy.allCases)
    func neverShrinksWithTheAttempts(strategy: RetryPolicy.Strategy) {
        var random = SplitMix64(seed: 1)
        let policy = RetryPolicy(
            strategy: strategy, base: .milliseconds(3), cap: Limits.horizon, jitter: .none)
        let delays = (1...1_000).map { policy.delay(afterAttempt: $0, random: &random) }
        #expect(zip(delays, delays.dropFirst()).allSatisfy { $0 <= $1 })
        let last = policy.delay(afterAttempt: .max, random: &random)
        let expected = strategy == .fixed ? .milliseconds(3) : Limits.horizon
        #expect(last <= expected && last > expected - .microseconds(1))
    }

    /// Mean, least and most of ten thousand delays of at most ten seconds.
    private func spread(of jitter: RetryPolicy.Jitter) -> (mean: Double, least: Double, most: Double) {
        var random = SplitMix64(seed: 42)
        let policy = RetryPolicy(strategy: .fixed, base: .seconds(10), cap: .seconds(60), jitter: jitter)
        let delays = (0..<10_000).map { _ in policy.delay(afterAttempt: 1, random: &random).inSeconds }
        return (delays.reduce(0, +) / 10_000, delays.min() ?? 0, delays.max() ?? 0)
    }

    @Test(arguments: [
        (RetryPolicy.Jitter.full, 5.0, 0.0), (.equal, 7.5, 5.0), (.none, 10.0, 10.0),
    ])
    func jitterFillsItsRange(jitter: RetryPolicy.Jitter, mean: Double, least: Double) {
        let found = spread(of: jitter)
        #expect(abs(found.mean - mean) < 0.1)
        #expect(found.least >= least && found.least < least + 0.05)
        #expect(found.most <= 10 && found.most > 9.95)
    }

    @Test func tasksThatFailedTogetherDoNotReturnTogether() {
        var random = SplitMix64(seed: 7)
        let policy = RetryPolicy()
        var seconds = [Int](repeating: 0, count: 31)
        for _ in 0..<10_000 {
            seconds[Int(policy.delay(afterAttempt: 10, random: &random).inSeconds)] += 1
        }
        #expect((seconds.max() ?? 0) < 3 * 10_000 / 30)
    }

    @Test func theSpreadComesOnTop() {
        var random = SplitMix64(seed: 3)
        let policy = RetryPolicy(
            strategy: .fixed, base: .seconds(10), cap: .seconds(60), jitter: .none, spread: .seconds(5))
        let delays = (0..<1_000).map { _ in policy.delay(afterAttempt: 1, random: &random).inSeconds }
        #expect(delays.allSatisfy { (10...15).contains($0) })
        #expect((delays.max() ?? 0) > 14.9 && (delays.min() ?? 0) < 10.1)
    }

    @Test func isClampedWhenMade() {
        let policy = RetryPolicy(base: .seconds(-1), cap: .seconds(Int64.max), spread: .seconds(-9))
        #expect(policy.base == .zero)
        #expect(policy.cap == Limits.horizon)
        #expect(policy.spread == .zero)
    }
}
