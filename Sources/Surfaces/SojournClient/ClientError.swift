#if HTTP
public import SojournCore
public import SojournWire

/// Why a call to a server did not do what it should.
public enum ClientError: Error, Sendable, CustomStringConvertible {
    /// There is no connection to the server, or it broke. Whether the server did what was asked is unknown, unless the
    /// call may be repeated.
    case notReachable(String)
    /// The server did not answer in time.
    case timedOut(String)
    /// The server said no, and why.
    case refused(Problem)
    /// What came back is no answer of a Sojourn server.
    case notUnderstood(String)
    /// The call itself is wrong: an address that is none, a payload that is not JSON, a batch that is too large.
    case invalid(String)
    /// The client was shut down, or the surrounding task was cancelled.
    case closed

    /// Whether the server could not be reached or did not answer: the command line's exit code 3.
    public var isNotReachable: Bool {
        switch self {
        case .notReachable, .timedOut: true
        case .refused, .notUnderstood, .invalid, .closed: false
        }
    }

    /// What the server said, if it said no.
    public var problem: Problem? { if case .refused(let problem) = self { problem } else { nil } }

    /// One sentence for people.
    public var description: String {
        switch self {
        case .notReachable(let reason): "The server cannot be reached: \(reason)."
        case .timedOut(let url): "The server at \(url) did not answer in time."
        case .refused(let problem):
            problem.detail.isEmpty ? "\(problem.title) (\(problem.status))." : problem.detail
        case .notUnderstood(let reason): "The answer is not that of a Sojourn server: \(reason)."
        case .invalid(let reason): reason
        case .closed: "The client was shut down."
        }
    }

    /// The same for whoever knows stores and backends, but no servers.
    public var asBackendError: BackendError {
        switch self {
        case .notReachable: BackendError(.unavailable, description, cause: self)
        case .timedOut: BackendError(.timeout, description, cause: self)
        case .notUnderstood: BackendError(.unavailable, description, cause: self)
        case .invalid: BackendError(.rejected, description, cause: self)
        case .closed: BackendError(.closed, description, cause: self)
        case .refused(let problem):
            BackendError(
                Self.code(problem.status), description, retryAfter: problem.retryAfter.map { .seconds($0) }, cause: self
            )
        }
    }

    private static func code(_ status: Int) -> BackendError.Code {
        switch status {
        case 429: .throttled
        case 507: .full
        case 500...: .unavailable
        default: .rejected
        }
    }
}
#endif
