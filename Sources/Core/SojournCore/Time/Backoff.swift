import SojournModel

/// How long a background loop waits after an error before it tries again: longer each time, with full jitter.
public struct Backoff: Sendable {
    private let policy: RetryPolicy
    private var failures = 0

    /// Starts at `base` and ends at `cap`.
    public init(base: Duration = .milliseconds(100), cap: Duration = .seconds(5)) {
        self.policy = RetryPolicy(base: base, cap: cap, jitter: .equal)
    }

    /// The next wait.
    public mutating func next() -> Duration {
        failures += 1
        var random = SystemRandomNumberGenerator()
        return policy.delay(afterAttempt: failures, random: &random)
    }

    /// Starts over after a success.
    public mutating func reset() { failures = 0 }
}
