/// Stops calling what keeps failing, and asks again with a single attempt.
///
/// ```
/// closed ──failures in a row──▶ open ──cooldown over──▶ half-open ──success──▶ closed
///                                ▲                          │
///                                └─────────failure──────────┘
/// ```
/// A plain value: the shell around it holds the lock and the clock.
public struct CircuitBreaker: Sendable, Hashable {
    /// When a breaker opens and for how long.
    public struct Policy: Sendable, Hashable {
        /// Failures in a row that open it.
        public var failures: Int
        /// How long it stays open before one attempt may probe.
        public var cooldown: Duration

        /// A policy; at least one failure, and a cooldown of at least zero.
        public init(failures: Int, cooldown: Duration) {
            self.failures = max(1, failures)
            self.cooldown = cooldown.clamped(to: .zero...Limits.horizon)
        }
    }

    /// What the breaker thinks of the other side.
    public enum State: Sendable, Hashable {
        /// It works; so many failures in a row so far.
        case closed(failures: Int)
        /// It does not work; nobody calls it until then.
        case open(until: Timestamp)
        /// One attempt is finding out; if it never reports, another may probe from then on.
        case halfOpen(probeUntil: Timestamp)
    }

    /// May this attempt run?
    public enum Decision: Sendable, Hashable {
        /// Yes.
        case run
        /// No; ask again after that time.
        case wait(Duration)
    }

    /// When it opens and for how long.
    public let policy: Policy
    /// What it thinks now.
    public private(set) var state: State = .closed(failures: 0)

    /// A closed breaker.
    public init(policy: Policy) { self.policy = policy }

    /// Asks before an attempt.
    public mutating func admit(now: Timestamp) -> Decision {
        switch state {
        case .closed:
            return .run
        case .open(let until), .halfOpen(let until):
            if now < until { return .wait(until.duration(since: now)) }
            state = .halfOpen(probeUntil: now.advanced(by: policy.cooldown))
            return .run
        }
    }

    /// Tells how an admitted attempt ended.
    public mutating func record(success: Bool, now: Timestamp) {
        switch (state, success) {
        case (.closed, true), (.halfOpen, true):
            state = .closed(failures: 0)
        case (.closed(let failures), false) where failures + 1 < policy.failures:
            state = .closed(failures: failures + 1)
        case (.closed, false), (.halfOpen, false):
            state = .open(until: now.advanced(by: policy.cooldown))
        case (.open, _):
            break  // An attempt from before it opened tells nothing new.
        }
    }
}
