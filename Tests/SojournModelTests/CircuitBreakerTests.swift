import SojournModel
import Testing

@Suite("Circuit breaker") struct CircuitBreakerTests {
    private let start = Timestamp(microseconds: 1_000_000)

    private func breaker(failures: Int = 3) -> CircuitBreaker {
        CircuitBreaker(policy: .init(failures: failures, cooldown: .seconds(10)))
    }

    private func after(_ seconds: Int) -> Timestamp { start.advanced(by: .seconds(seconds)) }

    /// A breaker that opened at `start`.
    private func opened() -> CircuitBreaker {
        var breaker = breaker(failures: 1)
        breaker.record(success: false, now: start)
        return breaker
    }

    @Test func opensAfterFailuresInARow() {
        var breaker = breaker()
        for failures in 1...2 {
            breaker.record(success: false, now: start)
            #expect(breaker.state == .closed(failures: failures))
            #expect(breaker.admit(now: start) == .run)
        }
        breaker.record(success: false, now: start)
        #expect(breaker.state == .open(until: after(10)))
    }

    @Test func aSuccessForgivesEarlierFailures() {
        var breaker = breaker()
        for _ in 0..<5 {
            breaker.record(success: false, now: start)
            breaker.record(success: false, now: start)
            breaker.record(success: true, now: start)
        }
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test func whileOpenNobodyRuns() {
        var breaker = opened()
        #expect(breaker.admit(now: start) == .wait(.seconds(10)))
        #expect(breaker.admit(now: after(7)) == .wait(.seconds(3)))
        #expect(breaker.state == .open(until: after(10)))
    }

    @Test func anOldAttemptTellsAnOpenBreakerNothing() {
        var breaker = opened()
        breaker.record(success: true, now: after(1))
        breaker.record(success: false, now: after(2))
        #expect(breaker.state == .open(until: after(10)))
    }

    @Test func afterTheCooldownOneMayProbe() {
        var breaker = opened()
        #expect(breaker.admit(now: after(10)) == .run)
        #expect(breaker.state == .halfOpen(probeUntil: after(20)))
        #expect(breaker.admit(now: after(11)) == .wait(.seconds(9)))
    }

    @Test func aGoodProbeCloses() {
        var breaker = opened()
        _ = breaker.admit(now: after(10))
        breaker.record(success: true, now: after(12))
        #expect(breaker.state == .closed(failures: 0))
        #expect(breaker.admit(now: after(12)) == .run)
    }

    @Test func aBadProbeOpensAgain() {
        var breaker = opened()
        _ = breaker.admit(now: after(10))
        breaker.record(success: false, now: after(12))
        #expect(breaker.state == .open(until: after(22)))
    }

    @Test func aProbeThatNeverReportsIsReplaced() {
        var breaker = opened()
        _ = breaker.admit(now: after(10))
        #expect(breaker.admit(now: after(19)) == .wait(.seconds(1)))
        #expect(breaker.admit(now: after(20)) == .run)
        #expect(breaker.state == .halfOpen(probeUntil: after(30)))
    }

    @Test func aPolicyIsBroughtWithinReason() {
        let policy = CircuitBreaker.Policy(failures: -3, cooldown: .seconds(-1))
        #expect(policy.failures == 1)
        #expect(policy.cooldown == .zero)
        #expect(CircuitBreaker.Policy(failures: 1, cooldown: .seconds(Int64.max)).cooldown == Limits.horizon)
    }
}
