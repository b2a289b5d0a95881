/// How one attempt ended, as the handler or the runtime around it saw it.
///
/// What it means for the task is decided in one place: ``Verdict/decide(_:of:now:random:)``.
public enum Outcome: Sendable, Hashable {
    /// The handler finished; `result` are bytes to keep with the task (JSON, as a rule).
    case succeeded(result: [UInt8]? = nil)
    /// The handler threw or timed out.
    case failed(Failure)
    /// The handler asks to run again later; the attempt is not counted.
    case snoozed(Duration)
    /// The handler gives the task up for good.
    case discarded(reason: String)
    /// Someone cancelled the task and the handler saw it.
    case cancelled
    /// The worker is shutting down; the task goes back, the attempt is not counted.
    case interrupted
    /// The worker vanished: its lease ended. Reported by the reaper, never by a handler.
    case leaseExpired
    /// The type's circuit breaker is open; the task waits, the attempt is not counted.
    case breakerOpen(Duration)

    /// The word on the wire and in stores.
    public var name: String {
        switch self {
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .snoozed: "snoozed"
        case .discarded: "discarded"
        case .cancelled: "cancelled"
        case .interrupted: "interrupted"
        case .leaseExpired: "lease_expired"
        case .breakerOpen: "breaker_open"
        }
    }

    /// The text to keep with the attempt, or nil where there is nothing to explain.
    public var errorText: String? {
        switch self {
        case .failed(let failure): failure.message
        case .discarded(let reason): reason
        case .leaseExpired: "The lease ended before the worker reported: it crashed, was cut off, or ran too long."
        case .succeeded, .snoozed, .cancelled, .interrupted, .breakerOpen: nil
        }
    }
}

/// Why an attempt failed. Handlers throw it to say more than a plain error can.
public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for people; shown with the attempt.
    public var message: String
    /// Whether another attempt can help. `false` sends the task to the dead letters at once.
    public var isRetryable: Bool
    /// When to try again, if the other side said so; else the retry policy decides.
    public var retryAfter: Duration?

    /// A failure with a message; retryable unless said otherwise.
    public init(_ message: String, isRetryable: Bool = true, retryAfter: Duration? = nil) {
        self.message = message
        self.isRetryable = isRetryable
        self.retryAfter = retryAfter
    }

    /// The message.
    public var description: String { message }
}

/// Why a task became a dead letter.
public enum DeadReason: String, Sendable, Codable, CaseIterable {
    /// Its last permitted attempt failed.
    case retriesExhausted = "retries_exhausted"
    /// It failed in a way that no retry can help.
    case notRetryable = "not_retryable"
    /// Its handler gave it up.
    case discarded
    /// Its lease ran out too often: it seems to kill its workers.
    case poison
    /// Its deadline passed.
    case deadline
}
