/// Why a store or backend could not do what it was asked.
public struct BackendError: Error, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The kind of failure, for programs.
    public enum Code: String, Sendable, Hashable {
        /// The other side cannot be reached now.
        case unavailable
        /// It did not answer in time; whether it did what was asked is unknown.
        case timeout
        /// It is there and asks for less.
        case throttled
        /// It has no room left.
        case full
        /// It refuses the request, and will refuse it again.
        case rejected
        /// What it holds cannot be trusted.
        case corrupted
        /// It was shut down.
        case closed
    }

    /// The kind of failure.
    public let code: Code
    /// One sentence for people, free of payloads and secrets.
    public let message: String
    /// What caused it.
    public let cause: (any Error)?
    /// After which time the same request may succeed, where that is known.
    public let retryAfter: Duration?

    /// A failure with its kind, a sentence and its cause.
    public init(_ code: Code, _ message: String, retryAfter: Duration? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        self.cause = cause
    }

    /// Whether the same request may succeed later.
    public var isRetryable: Bool {
        switch code {
        case .unavailable, .timeout, .throttled, .full: true
        case .rejected, .corrupted, .closed: false
        }
    }

    /// The kind and the sentence, without the cause.
    public var description: String { "\(message) (\(code.rawValue))" }
    /// Everything, the cause included.
    public var debugDescription: String { cause.map { "\(description): \($0)" } ?? description }
}
