/// When to try again after a failure.
///
/// The delay after attempt *n* is `base` grown by the strategy, spread by the jitter, never above `cap`.
public struct RetryPolicy: Hashable, Sendable, Codable {
    /// How the delay grows with the attempts.
    public enum Strategy: String, Hashable, Sendable, Codable, CaseIterable {
        /// base, 2·base, 4·base, …
        case exponential
        /// base, 2·base, 3·base, …
        case linear
        /// base, base, base, …
        case fixed
    }

    /// How much of the delay is left to chance, so that tasks which failed together do not return together.
    public enum Jitter: String, Hashable, Sendable, Codable, CaseIterable {
        /// Anything from zero to the delay.
        case full
        /// From half of the delay to the whole.
        case equal
        /// Exactly the delay.
        case none
    }

    /// How the delay grows.
    public var strategy: Strategy
    /// The first delay.
    public var base: Duration
    /// The longest delay, jitter included.
    public var cap: Duration
    /// The part left to chance.
    public var jitter: Jitter
    /// A further random delay of at most this, on top of the jitter.
    public var spread: Duration

    /// A policy; negative durations count as zero, and all are clamped to ``Limits/horizon``.
    public init(
        strategy: Strategy = .exponential,
        base: Duration = .milliseconds(500),
        cap: Duration = .seconds(30),
        jitter: Jitter = .full,
        spread: Duration = .zero
    ) {
        self.strategy = strategy
        self.base = base.clamped(to: .zero...Limits.horizon)
        self.cap = cap.clamped(to: .zero...Limits.horizon)
        self.jitter = jitter
        self.spread = spread.clamped(to: .zero...Limits.horizon)
    }

    /// The delay after failed attempt `attempt` (1 is the first). Never overflows, at any attempt.
    public func delay(afterAttempt attempt: Int, random: inout some RandomNumberGenerator) -> Duration {
        let grown = min(cap, ceiling(afterAttempt: max(1, attempt)))
        // Multiplying by one would round a large delay.
        let jittered = jitter == .none ? grown : grown * fraction(&random)
        let spreaded = spread > .zero ? jittered + spread * Double.random(in: 0...1, using: &random) : jittered
        return min(cap, spreaded)
    }

    /// `base` grown by the strategy, at most `cap`. Attempts past the point where `cap` is reached change nothing.
    private func ceiling(afterAttempt attempt: Int) -> Duration {
        switch strategy {
        case .fixed:
            return base
        case .linear:
            guard base > .zero, Double(attempt) < cap / base else { return base > .zero ? cap : .zero }
            return base * attempt
        case .exponential:
            var delay = base
            for _ in 1..<max(1, min(attempt, 64)) where delay < cap { delay = delay * 2 }
            return delay
        }
    }

    private func fraction(_ random: inout some RandomNumberGenerator) -> Double {
        switch jitter {
        case .full: Double.random(in: 0...1, using: &random)
        case .equal: Double.random(in: 0.5...1, using: &random)
        case .none: 1
        }
    }
}
