/// What a verdict needs to know about the attempt it judges.
public struct AttemptFacts: Sendable, Hashable {
    /// Which try this was, counted from 1 since the task was enqueued or replayed.
    public var attempt: Int
    /// How many tries may follow the first.
    public var maxRetries: Int
    /// When to try again.
    public var retry: RetryPolicy
    /// How often the task's lease ran out before this attempt.
    public var crashes: Int
    /// No attempt starts after this instant, if there is one.
    public var deadline: Timestamp?

    /// The facts of one attempt.
    public init(
        attempt: Int, maxRetries: Int, retry: RetryPolicy = RetryPolicy(), crashes: Int = 0, deadline: Timestamp? = nil
    ) {
        self.attempt = attempt
        self.maxRetries = maxRetries
        self.retry = retry
        self.crashes = crashes
        self.deadline = deadline
    }
}

/// What a backend does with a leased task.
public enum Disposition: Sendable, Hashable {
    /// Forget it: the task is over.
    case acknowledge
    /// Make it available again at that instant.
    case release(at: Timestamp)
    /// Keep it aside.
    case deadLetter(DeadReason)
}

/// What an outcome means: the task's next status, what the backend does, and whether the attempt counts.
public struct Verdict: Sendable, Hashable {
    /// The task's next status.
    public let status: TaskStatus
    /// What the backend does.
    public let disposition: Disposition
    /// Whether the attempt is one of the permitted ones.
    public let countsAttempt: Bool

    /// A verdict from its parts.
    public init(status: TaskStatus, disposition: Disposition, countsAttempt: Bool) {
        self.status = status
        self.disposition = disposition
        self.countsAttempt = countsAttempt
    }

    /// The one place where outcomes become state. Pure: the same inputs give the same verdict.
    public static func decide(
        _ outcome: Outcome, of facts: AttemptFacts, now: Timestamp, random: inout some RandomNumberGenerator
    ) -> Self {
        switch outcome {
        case .succeeded:
            return Self(status: .succeeded, disposition: .acknowledge, countsAttempt: true)
        case .failed(let failure):
            return afterFailure(failure, of: facts, now: now, random: &random)
        case .snoozed(let delay), .breakerOpen(let delay):
            return waiting(.scheduled, until: now.advanced(by: delay.clamped(to: .zero...Limits.horizon)), of: facts)
        case .discarded:
            return dead(.discarded)
        case .cancelled:
            return Self(status: .cancelled, disposition: .acknowledge, countsAttempt: false)
        case .interrupted:
            return Self(status: .queued, disposition: .release(at: now), countsAttempt: false)
        case .leaseExpired:
            if facts.crashes + 1 >= Limits.crashes { return dead(.poison) }
            return afterFailure(Failure("lease expired"), of: facts, now: now, random: &random)
        }
    }

    /// When the task may run again; nil where it may not.
    public var availableAt: Timestamp? {
        if case .release(let instant) = disposition { instant } else { nil }
    }

    /// Why the task is dead; nil where it is not.
    public var deadReason: DeadReason? {
        if case .deadLetter(let reason) = disposition { reason } else { nil }
    }

    /// This verdict on a task that somebody asked to stop meanwhile: it does not go back to waiting.
    public var honoringCancel: Self {
        guard case .release = disposition else { return self }
        return Self(status: .cancelled, disposition: .acknowledge, countsAttempt: countsAttempt)
    }

    private static func afterFailure(
        _ failure: Failure, of facts: AttemptFacts, now: Timestamp, random: inout some RandomNumberGenerator
    ) -> Self {
        guard failure.isRetryable else { return dead(.notRetryable) }
        guard facts.attempt <= facts.maxRetries else { return dead(.retriesExhausted) }
        let delay = failure.retryAfter ?? facts.retry.delay(afterAttempt: facts.attempt, random: &random)
        return waiting(.retrying, until: now.advanced(by: delay.clamped(to: .zero...Limits.horizon)), of: facts)
    }

    /// The task waits until `instant`, unless its deadline comes first.
    private static func waiting(_ status: TaskStatus, until instant: Timestamp, of facts: AttemptFacts) -> Self {
        if let deadline = facts.deadline, instant > deadline { return dead(.deadline) }
        return Self(status: status, disposition: .release(at: instant), countsAttempt: status == .retrying)
    }

    private static func dead(_ reason: DeadReason) -> Self {
        Self(status: .dead, disposition: .deadLetter(reason), countsAttempt: true)
    }
}
