#if Postgres
/// Where the server is, and how patient a ``PQPool`` is.
public struct PQConfiguration: Sendable {
    /// `postgres://user:password@host:port/database`, or libpq's `key=value` words. It may hold a password, so it must
    /// not be logged.
    public var url: String
    /// The most connections that are open at once, listeners not counted.
    public var maxConnections: Int
    /// How long opening a connection may take, TLS, login and further tries included.
    public var connectTimeout: Duration
    /// How long the server may work on one statement; zero is no limit. A server that does not even say that the time
    /// is over loses the connection five seconds later.
    public var statementTimeout: Duration
    /// How long a statement may wait for a lock.
    public var lockTimeout: Duration
    /// How long the server keeps a transaction in which nothing happens.
    public var idleInTransactionTimeout: Duration
    /// Whether connections keep prepared statements. False behind a PgBouncer in transaction mode: there the next
    /// transaction may meet another server session.
    public var preparesStatements: Bool
    /// The name in the server's `pg_stat_activity`.
    public var applicationName: String

    /// Twenty connections, five seconds to connect, thirty for a statement, ten for a lock.
    public init(
        url: String, maxConnections: Int = 20, connectTimeout: Duration = .seconds(5),
        statementTimeout: Duration = .seconds(30), lockTimeout: Duration = .seconds(10),
        idleInTransactionTimeout: Duration = .seconds(60), preparesStatements: Bool = true,
        applicationName: String = "sojourn"
    ) {
        self.url = url
        self.maxConnections = maxConnections
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.idleInTransactionTimeout = idleInTransactionTimeout
        self.preparesStatements = preparesStatements
        self.applicationName = applicationName
    }

    /// The session's limits by the server's names, in milliseconds.
    var limits: [(name: String, milliseconds: String)] {
        [
            ("statement_timeout", statementTimeout), ("lock_timeout", lockTimeout),
            ("idle_in_transaction_session_timeout", idleInTransactionTimeout),
        ].map { name, duration in
            (name, String(max(0, min(Int64(Int32.max), duration.nanoseconds / 1_000_000))))
        }
    }
}
#endif
