import SojournModel

/// How long a background loop waits after an error before it tries again: longer each time, with full jitter.
public struct Backoff: Sendable {
    private let policy: RetryPolicy
    private var chance: Chance
    private var failures = 0

    /// Starts at `base` and ends at `cap`.
    public init(base: Duration = .milliseconds(100), cap: Duration = .seconds(5), chance: Chance = .system) {
        self.chance = chance
        self.policy = RetryPolicy(base: base, cap: cap, jitter: .equal)
    }

    /// The next wait.
    public mutating func next() -> Duration {
        failures += 1
        return policy.delay(afterAttempt: failures, random: &chance)
    }

    /// Starts over after a success.
    public mutating func reset() { failures = 0 }
}
