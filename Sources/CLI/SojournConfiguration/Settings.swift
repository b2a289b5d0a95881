/// Everything an operator can set, checked and ready to use.
///
/// ``load(flags:environment:file:for:)`` makes one; flags win over the environment, which wins over `sojourn.yaml`,
/// which wins over the defaults. ``reference()`` documents every setting.
public struct Settings: Sendable {
    /// The `serve` process.
    public var server: Server
    /// How the number of workers follows the load.
    public var autoscale: Autoscale
    /// How long a task is handed out.
    public var lease: Lease
    /// Taking back expired leases.
    public var reaper: Reaper
    /// How often depths are measured for `/metrics` and the autoscaler.
    public var metricsSampleInterval: Duration
    /// Waiting between attempts.
    public var retry: Retry
    /// How long finished tasks are kept.
    public var retention: Retention
    /// How long an idempotency key is remembered.
    public var idempotencyWindow: Duration
    /// What is logged and how it looks.
    public var log: Log
    /// Where workers and client commands find the tasks.
    public var client: Client
    /// The Redis backend.
    public var redis: Redis
    /// The Postgres store.
    public var postgres: Postgres
    /// The promises of the queues, by queue name.
    public var queues: [String: QueueSettings]
    /// What runs a task of a type without Swift code, by task type.
    public var handlers: [String: HandlerSettings]
    /// One line per setting as it was loaded, `server.port = 8080 (--port)`, fit for a log: secrets are hidden.
    public let masked: [String]

    /// The `serve` process.
    public struct Server: Sendable, Equatable {
        /// Address or name to listen on.
        public var host: String
        /// TCP port, 0 to 65535; 0 takes any free port.
        public var port: Int
        /// Directory of the embedded store.
        public var dataDirectory: String
        /// Keys that clients may present; empty means that no key is asked for (on loopback only).
        public var apiKeys: [Secret]
        /// Names accepted in the Host header besides the loopback names.
        public var allowedHosts: [String]
        /// Attempts that this process runs at once, 0 to 10,000; 0 means that it runs no handlers itself.
        public var concurrency: Int
        /// A listener for `/metrics` alone.
        public var metricsAddress: ListenAddress?
        /// How long running attempts may go on after a signal to stop.
        public var drain: Duration
        /// Whether a reverse proxy terminates TLS in front of the server.
        public var isBehindProxy: Bool
    }

    /// How the number of workers follows the load.
    public struct Autoscale: Sendable, Equatable {
        /// What is scaled.
        public var target: AutoscaleTarget
        /// By which rule.
        public var policy: AutoscalePolicy
    }

    /// How long a task is handed out.
    public struct Lease: Sendable, Equatable {
        /// Length of a lease; a worker extends it while the attempt runs.
        public var timeout: Duration
    }

    /// Taking back expired leases.
    public struct Reaper: Sendable, Equatable {
        /// Time between two scans.
        public var scanInterval: Duration
        /// Leases taken back per scan, 1 to 10,000.
        public var batchSize: Int
    }

    /// Waiting between attempts.
    public struct Retry: Sendable, Equatable {
        /// Wait before the first retry.
        public var base: Duration
        /// Longest wait; never below ``base``.
        public var max: Duration
        /// Largest random addition to a wait.
        public var jitter: Duration
        /// Time between two scans for tasks that are due.
        public var scanInterval: Duration
        /// Tasks promoted per scan, 1 to 10,000.
        public var batchSize: Int
    }

    /// How long finished tasks are kept.
    public struct Retention: Sendable, Equatable {
        /// For tasks that succeeded or were cancelled.
        public var finished: Duration
        /// For dead letters; nil keeps them until someone purges them.
        public var dead: Duration?
    }

    /// What is logged and how it looks.
    public struct Log: Sendable, Equatable {
        /// The least severe message that is written.
        public var level: LogLevel
        /// How a line looks.
        public var format: LogFormat
    }

    /// Where workers and client commands find the tasks.
    public struct Client: Sendable, Equatable {
        /// http or https URL of the server.
        public var server: String
        /// Key presented to the server.
        public var apiKey: Secret?
        /// Whether they go to the backend themselves, because ``Settings/redis`` or ``Settings/postgres`` has a URL and
        /// the server was named by no source that is as good: flags, environment, file, defaults.
        public var isDirect: Bool
    }

    /// The Redis backend.
    public struct Redis: Sendable, Equatable {
        /// `host:port`, or a URL as `redis://…` and `redis+sentinel://…`; may hold a password.
        public var url: Secret?
        /// Password, where the URL has none.
        public var password: Secret?
        /// Connections, 1 to 1,000. Without effect: one connection carries all commands.
        public var poolSize: Int?
        /// Idle connections kept open, at most ``poolSize``. Without effect.
        public var minIdle: Int?
    }

    /// The Postgres store.
    public struct Postgres: Sendable, Equatable {
        /// `postgres://…` or `postgresql://…`; may hold a password.
        public var url: Secret?
        /// Connections, 1 to 1,000.
        public var maxConnections: Int
        /// Whether the URL leads to a PgBouncer in transaction mode.
        public var isPooled: Bool
        /// The server behind it, for notices; may hold a password.
        public var directURL: Secret?
    }
}

/// The least severe message that is written; the names are those of swift-log.
public enum LogLevel: String, Sendable, CaseIterable {
    /// Everything.
    case trace
    /// For finding an error.
    case debug
    /// What a healthy process reports.
    case info
    /// Unusual, but not wrong.
    case notice
    /// Wrong, but handled.
    case warning
    /// Something failed.
    case error
    /// The process cannot go on.
    case critical
}

/// How a log line looks.
public enum LogFormat: String, Sendable, CaseIterable {
    /// `text` on a terminal, else `json`.
    case auto
    /// For people.
    case text
    /// One JSON object per line.
    case json
}

/// Where a listener listens.
public struct ListenAddress: Sendable, Equatable {
    /// Address or name; `0.0.0.0`, all interfaces, where only a port was given.
    public let host: String
    /// TCP port, 0 to 65535; 0 takes any free port.
    public let port: Int
}
