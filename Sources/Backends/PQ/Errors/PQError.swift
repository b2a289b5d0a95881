#if Postgres
/// Why a call has no result. It never holds a password or a URL.
public struct PQError: Error, Sendable, Equatable {
    /// What went wrong, and with it whether trying again makes sense.
    public let code: Code
    /// The server's five letters, if it was the server who refused.
    public let sqlState: String?
    /// One sentence, or the server's own words.
    public let message: String
    /// The constraint that was violated.
    public let constraint: String?
    /// Whether the statements may have been committed. False is a promise.
    public let mayHaveExecuted: Bool
    /// The server no longer knows a statement as it was prepared; a second try prepares it again.
    let lostStatement: Bool

    init(
        _ code: Code, _ message: String, sqlState: String? = nil, constraint: String? = nil,
        mayHaveExecuted: Bool = false, lostStatement: Bool = false
    ) {
        self.code = code
        self.sqlState = sqlState
        self.message = message
        self.constraint = constraint
        self.mayHaveExecuted = mayHaveExecuted
        self.lostStatement = lostStatement
    }

    /// The same failure, seen from a call whose commit was under way (`true`) or surely did not happen (`false`).
    func seen(asExecuted mayHaveExecuted: Bool) -> PQError {
        PQError(
            code, message, sqlState: sqlState, constraint: constraint, mayHaveExecuted: mayHaveExecuted,
            lostStatement: lostStatement)
    }

    /// Whether the same call may succeed later without anybody changing anything. If ``mayHaveExecuted`` is true as
    /// well, only a call that can be repeated without harm should be.
    public var isRetryable: Bool { code.isRetryable || lostStatement }
}

extension PQError {
    /// The classes of failure.
    public enum Code: String, Sendable, CaseIterable {
        // The way to the server.

        /// No server answers, or it starts, stops, or has all the connections it allows.
        case unavailable
        /// The connection ended while the call was under way.
        case connectionLost
        /// No answer in time: to a connection, a statement, or for a lock.
        case timeout
        /// What came was not what was asked for, such as a column of another type.
        case protocolViolation
        /// Wrong user or password, or the server wants none of us.
        case authentication

        // This side.

        /// The pool was closed, or the transaction is over.
        case closed
        /// The caller's own Swift task was cancelled.
        case cancelled
        /// The address is not valid or not safe.
        case invalidAddress
        /// A parameter that cannot be sent, such as a text with NUL.
        case invalidValue

        // What the server says.

        /// 40001: transactions got into each other's way.
        case serialization
        /// 40P01: transactions waited for each other.
        case deadlock
        /// 23505: there is such a row already.
        case uniqueViolation
        /// 23xxx: another constraint is violated.
        case constraintViolation
        /// 53xxx: the disk or the memory is full.
        case full
        /// 25006: the server is a replica or read only.
        case readOnly
        /// Anything else.
        case rejected

        /// Whether the same call may succeed later by itself.
        public var isRetryable: Bool {
            switch self {
            case .unavailable, .connectionLost, .timeout, .serialization, .deadlock, .full, .readOnly: true
            case .protocolViolation, .authentication, .closed, .cancelled, .invalidAddress, .invalidValue,
                .uniqueViolation, .constraintViolation, .rejected:
                false
            }
        }

        /// The class of a server's SQLSTATE.
        public init(sqlState: String) {
            switch sqlState {
            case "40001": self = .serialization
            case "40P01": self = .deadlock
            case "23505": self = .uniqueViolation
            case "25006": self = .readOnly
            case "57014", "55P03", "25P03": self = .timeout
            case "53300", "57P01", "57P02", "57P03", "57P05": self = .unavailable
            default:
                switch sqlState.prefix(2) {
                case "08": self = .unavailable
                case "23": self = .constraintViolation
                case "28": self = .authentication
                case "53": self = .full
                default: self = .rejected
                }
            }
        }
    }
}

extension PQError: CustomStringConvertible {
    /// The code, the message, the SQLSTATE, and whether the statements may have been committed.
    public var description: String {
        var text = "\(code.rawValue): \(message)"
        if let sqlState { text += " [\(sqlState)]" }
        if mayHaveExecuted { text += " (it may have been committed)" }
        return text
    }
}
#endif
