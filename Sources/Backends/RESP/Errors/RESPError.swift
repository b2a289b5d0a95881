#if Redis
/// What a command came to: the server's value, or why there is none.
public typealias Reply = Result<RESPValue, RESPError>

/// Why a command has no answer. It never holds a password, a key's value or a payload.
public struct RESPError: Error, Sendable, Equatable {
    /// What went wrong, and with it whether trying again makes sense.
    public let kind: Kind
    /// One sentence, or the server's own words.
    public let message: String
    /// Whether the command may have had its effect. False is a promise: it was refused, or surely never sent.
    public let mayHaveExecuted: Bool

    init(_ kind: Kind, _ message: String, mayHaveExecuted: Bool = false) {
        self.kind = kind
        self.message = message
        self.mayHaveExecuted = mayHaveExecuted
    }

    /// The same failure, seen from a command that was under way (`true`) or still waiting (`false`).
    func seen(asExecuted mayHaveExecuted: Bool) -> RESPError {
        RESPError(kind, message, mayHaveExecuted: mayHaveExecuted)
    }

    /// Whether the same command may succeed later without anybody changing anything. If ``mayHaveExecuted`` is true as
    /// well, only a command that can be repeated without harm should be.
    public var isRetryable: Bool { kind.isRetryable }
}

extension RESPError {
    /// The classes of failure.
    public enum Kind: String, Sendable, CaseIterable {
        // The way to the server.

        /// Nobody listens there, or the host cannot be reached.
        case connectionRefused
        /// The host has no address.
        case unknownHost
        /// The connection ended while the command was under way, or before it could be sent.
        case connectionLost
        /// No answer within the deadline.
        case timeout
        /// The server does not prove to be who it should be, or speaks no TLS.
        case tls
        /// What came was not RESP, or larger than ``WireLimits`` allow.
        case protocolViolation

        // This side.

        /// The client was shut down.
        case closed
        /// The caller's own Swift task was cancelled.
        case cancelled
        /// Too many commands wait for the server.
        case overloaded
        /// One call would send more bytes than ``RedisConfiguration/requestBytes``.
        case tooLarge
        /// The address or an option of it is not valid.
        case invalidAddress

        // What the server says.

        /// Wrong user or password, or none where one is needed.
        case authentication
        /// The user may not run this command or touch this key, or the server takes only local connections.
        case permission
        /// The server is a replica; the client looks for the new master.
        case readOnly
        /// The server reads its data from the disk after a start.
        case loading
        /// The server runs a script that takes too long.
        case busy
        /// The server's memory is full (`maxmemory`).
        case outOfMemory
        /// The server does not know the script by its digest; the client sends it in full before anybody sees this.
        case noScript
        /// The server cannot write to its disk (`MISCONF`).
        case misconfigured
        /// The server has all the connections it allows.
        case tooManyConnections
        /// The replica has lost its master (`MASTERDOWN`), or too few replicas follow (`NOREPLICAS`).
        case unreplicated
        /// The key lives on another node of the cluster.
        case moved
        /// The key is on its way to another node of the cluster.
        case ask
        /// Some keys of the command are still on their way to another node.
        case tryAgain
        /// The cluster does not serve this slot at the moment.
        case clusterDown
        /// The keys of the command are not in one slot.
        case crossSlot
        /// Anything else: a wrong type, a wrong number of words, an error raised by a script.
        case server

        /// Whether the same command may succeed later by itself.
        public var isRetryable: Bool {
            switch self {
            case .connectionRefused, .unknownHost, .connectionLost, .timeout, .overloaded, .readOnly, .loading, .busy,
                .outOfMemory, .noScript, .misconfigured, .tooManyConnections, .unreplicated, .moved, .ask, .tryAgain,
                .clusterDown, .protocolViolation:
                true
            case .tls, .closed, .cancelled, .tooLarge, .invalidAddress, .authentication, .permission, .crossSlot,
                .server:
                false
            }
        }
    }
}

extension RESPError: CustomStringConvertible {
    /// The kind, the message, and whether the command may have run.
    public var description: String {
        "\(kind.rawValue): \(message)" + (mayHaveExecuted ? " (the command may have been executed)" : "")
    }
}
#endif
