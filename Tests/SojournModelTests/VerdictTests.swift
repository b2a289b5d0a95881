import SojournModel
import SojournTestKit
import Testing

/// Every outcome in every situation.
@Suite("Verdict") struct VerdictTests {
    private static let now = Timestamp(microseconds: 1_000_000_000)
    private static let tenSeconds = RetryPolicy(
        strategy: .fixed, base: .seconds(10), cap: .seconds(10), jitter: .none)

    /// What an attempt may find itself in.
    enum Situation: CaseIterable {
        case first, last, onlyOne, twoCrashes, lastAndTwoCrashes, deadlineInSevenSeconds, deadlineOver

        var facts: AttemptFacts {
            var facts = AttemptFacts(attempt: 1, maxRetries: 3, retry: tenSeconds)
            switch self {
            case .first: break
            case .last: facts.attempt = 4
            case .onlyOne: facts.maxRetries = 0
            case .twoCrashes: facts.crashes = 2
            case .lastAndTwoCrashes: (facts.attempt, facts.crashes) = (4, 2)
            case .deadlineInSevenSeconds: facts.deadline = now.advanced(by: .seconds(7))
            case .deadlineOver: facts.deadline = now
            }
            return facts
        }
    }

    private static let done = Verdict(status: .succeeded, disposition: .acknowledge, countsAttempt: true)
    private static let stopped = Verdict(status: .cancelled, disposition: .acknowledge, countsAttempt: false)
    private static let back = Verdict(status: .queued, disposition: .release(at: now), countsAttempt: false)

    private static func retry(_ seconds: Int) -> Verdict {
        Verdict(
            status: .retrying, disposition: .release(at: now.advanced(by: .seconds(seconds))), countsAttempt: true)
    }
    private static func later(_ seconds: Int) -> Verdict {
        Verdict(
            status: .scheduled, disposition: .release(at: now.advanced(by: .seconds(seconds))), countsAttempt: false)
    }
    private static func dead(_ reason: DeadReason) -> Verdict {
        Verdict(status: .dead, disposition: .deadLetter(reason), countsAttempt: true)
    }

    /// One row for each outcome; the columns are ``Situation/allCases``.
    private static let table: [(Outcome, [Verdict])] = [
        (.succeeded(result: [1]), Array(repeating: done, count: 7)),
        (
            .failed(Failure("flaky")),
            [
                retry(10), dead(.retriesExhausted), dead(.retriesExhausted), retry(10), dead(.retriesExhausted),
                dead(.deadline), dead(.deadline),
            ]
        ),
        (
            .failed(Failure("busy", retryAfter: .seconds(5))),
            [
                retry(5), dead(.retriesExhausted), dead(.retriesExhausted), retry(5), dead(.retriesExhausted), retry(5),
                dead(.deadline),
            ]
        ),
        (.failed(Failure("bad input", isRetryable: false)), Array(repeating: dead(.notRetryable), count: 7)),
        (
            .snoozed(.seconds(20)),
            [later(20), later(20), later(20), later(20), later(20), dead(.deadline), dead(.deadline)]
        ),
        (
            .breakerOpen(.seconds(6)),
            [later(6), later(6), later(6), later(6), later(6), later(6), dead(.deadline)]
        ),
        (.discarded(reason: "no"), Array(repeating: dead(.discarded), count: 7)),
        (.cancelled, Array(repeating: stopped, count: 7)),
        (.interrupted, Array(repeating: back, count: 7)),
        (
            .leaseExpired,
            [
                retry(10), dead(.retriesExhausted), dead(.retriesExhausted), dead(.poison), dead(.poison),
                dead(.deadline), dead(.deadline),
            ]
        ),
    ]

    @Test(arguments: table)
    func everyOutcomeInEverySituation(outcome: Outcome, expected: [Verdict]) throws {
        try #require(expected.count == Situation.allCases.count)
        for (situation, expected) in zip(Situation.allCases, expected) {
            for seed in 1...3 {
                var random = SplitMix64(seed: UInt64(seed))
                let verdict = Verdict.decide(outcome, of: situation.facts, now: Self.now, random: &random)
                #expect(verdict == expected, "\(outcome.name), \(situation)")
            }
        }
    }

    @Test func theTableHasEveryOutcome() {
        let names: Set = [
            "succeeded", "failed", "snoozed", "discarded", "cancelled", "interrupted", "lease_expired", "breaker_open",
        ]
        #expect(Set(Self.table.map(\.0.name)) == names)
    }

    @Test(arguments: [
        (Duration.seconds(-5), Duration.zero), (.seconds(Int64.max), Limits.horizon), (.zero, .zero),
    ])
    func delaysFromOutsideAreClamped(delay: Duration, expected: Duration) {
        let outcomes: [Outcome] = [
            .snoozed(delay), .breakerOpen(delay), .failed(Failure("busy", retryAfter: delay)),
        ]
        let due = Self.now.advanced(by: expected)
        for outcome in outcomes {
            var random = SplitMix64(seed: 1)
            let facts = AttemptFacts(attempt: 1, maxRetries: 1)
            let verdict = Verdict.decide(outcome, of: facts, now: Self.now, random: &random)
            #expect(verdict.disposition == .release(at: due), "\(outcome.name)")
        }
    }

    @Test func absurdFactsDoNotTrap() {
        for attempt in [Int.min, -1, 0, Int.max] {
            for retries in [Int.min, -1, 0, Int.max] {
                var random = SplitMix64(seed: 2)
                let facts = AttemptFacts(
                    attempt: attempt, maxRetries: retries, crashes: attempt == .max ? 0 : 1, deadline: .distantPast)
                let verdict = Verdict.decide(.failed(Failure("x")), of: facts, now: .distantFuture, random: &random)
                #expect(verdict.status == .dead)
            }
        }
    }
}
