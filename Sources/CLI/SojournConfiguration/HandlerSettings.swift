/// How tasks of one type are run without Swift code.
public struct HandlerSettings: Sendable, Equatable {
    /// What runs for each attempt.
    public var action: Action
    /// Retries after the first attempt, 0 to 1,000; nil leaves it to the queue.
    public var maxRetries: Int?
    /// When to stop trying for a while; nil never stops.
    public var breaker: Breaker?

    /// What runs for each attempt.
    public enum Action: Sendable, Equatable {
        /// A request to a web server.
        case http(HTTP)
        /// A program on this machine.
        case exec(Exec)
    }

    /// A request to a web server.
    public struct HTTP: Sendable, Equatable {
        /// http or https URL; hidden in logs, as many services put a token into the path.
        public var url: Secret
        /// Longest time for one request, 100 ms to 24 h.
        public var timeout: Duration
        /// Name of the environment variable that holds the HMAC secret for signing; nil does not sign.
        public var secretVariable: String?
        /// Extra request headers, by name.
        public var headers: [String: Secret]
        /// Whether addresses that are not public may be called.
        public var allowsPrivateAddresses: Bool
    }

    /// A program on this machine.
    public struct Exec: Sendable, Equatable {
        /// Absolute path of the program, then its arguments; never passed through a shell.
        public var command: [String]
        /// Longest time for one run, 100 ms to 24 h.
        public var timeout: Duration
        /// Absolute path of the working directory; nil keeps the server's.
        public var directory: String?
        /// The program's environment, by variable.
        public var environment: [String: Secret]
        /// Output kept, in bytes, 0 to 1,048,576.
        public var maxOutputBytes: Int
    }

    /// A circuit breaker: after so many failures in a row the handler rests.
    public struct Breaker: Sendable, Equatable {
        /// Failures in a row that open it, 1 to 1,000.
        public var failures: Int
        /// How long it stays open, 1 s to 1 h.
        public var cooldown: Duration
    }
}
