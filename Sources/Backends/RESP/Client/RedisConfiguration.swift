#if Redis
/// How patient a ``RedisClient`` is, and what it may hold.
public struct RedisConfiguration: Sendable {
    /// How long a command may wait for its answer, the time until it is sent included. A server that owes an answer
    /// and is silent for so long is taken to be gone.
    public var commandTimeout: Duration
    /// How long opening a connection may take, TLS and login included.
    public var connectTimeout: Duration
    /// What a blocking command gets beyond the time for which it asks the server to block.
    public var blockingGrace: Duration
    /// The name in the server's `CLIENT LIST`; without spaces.
    public var clientName: String
    /// How many commands may wait or be under way per server.
    public var backlog: Int
    /// How many bytes one call may send; at most 1 GiB.
    public var requestBytes: Int
    /// Connections for blocking commands that are kept open when idle.
    public var idleConnections: Int
    /// What a server may make us hold.
    public var limits: WireLimits

    /// Five seconds for everything, two beyond a block.
    public init(
        commandTimeout: Duration = .seconds(5), connectTimeout: Duration = .seconds(5),
        blockingGrace: Duration = .seconds(2), clientName: String = "sojourn", backlog: Int = 1_000_000,
        requestBytes: Int = 256 << 20, idleConnections: Int = 8, limits: WireLimits = WireLimits()
    ) {
        self.commandTimeout = commandTimeout
        self.connectTimeout = connectTimeout
        self.blockingGrace = blockingGrace
        self.clientName = clientName
        self.backlog = backlog
        self.requestBytes = requestBytes
        self.idleConnections = idleConnections
        self.limits = limits
    }
}
#endif
