#if Redis
/// Which Redis to talk to, and as whom.
///
/// | form | meaning |
/// | --- | --- |
/// | `redis://user:password@host:6379/0` | one server; user, password, port and database may be left out |
/// | `rediss://…` | the same over TLS, verified |
/// | `unix:///run/redis.sock?db=0` | one server behind a Unix socket |
/// | `host:6379`, `host` | short for `redis://` |
/// | `redis+sentinel://host:26379,host2:26379/master-name/0` | the master that the sentinels name |
/// | `redis+cluster://host:6379,host2:6379` | a cluster, found through any of its nodes |
///
/// `rediss+sentinel` and `rediss+cluster` use TLS. With TLS: `?ca=FILE` trusts the authorities in a PEM file instead of
/// the system's, `server_name=NAME` is the name the certificate must bear, `cert=FILE&key=FILE` shows a certificate of
/// ours, `insecure=true` believes anybody. Sentinels that want a login of their own: `?sentinel_password=…` and, where
/// needed, `sentinel_user=…`.
public struct RedisAddress: Sendable, Equatable {
    /// How the servers are arranged.
    public enum Topology: Sendable, Equatable {
        /// One server.
        case single(RedisEndpoint)
        /// Whichever server the sentinels call the master of that name.
        case sentinel([RedisEndpoint], master: String)
        /// A cluster; any of its nodes tells the others.
        case cluster([RedisEndpoint])
    }

    /// How a server proves who it is.
    public struct TLS: Sendable, Equatable {
        /// A PEM file with the authorities to trust; nil trusts those of the system.
        public var authorityFile: String?
        /// The name that the certificate must bear; nil takes the host of the address.
        public var serverName: String?
        /// A PEM file with our own certificate and those that vouch for it; nil shows none.
        public var certificateFile: String?
        /// A PEM file with the private key of our certificate.
        public var keyFile: String?
        /// Believes any certificate. Anybody between you and the server can then read and change everything.
        public var isInsecure: Bool

        /// Verified against the system's authorities and the host of the address, unless said otherwise.
        public init(
            authorityFile: String? = nil, serverName: String? = nil, certificateFile: String? = nil,
            keyFile: String? = nil, isInsecure: Bool = false
        ) {
            self.authorityFile = authorityFile
            self.serverName = serverName
            self.certificateFile = certificateFile
            self.keyFile = keyFile
            self.isInsecure = isInsecure
        }
    }

    /// How the servers are arranged, and where they listen.
    public var topology: Topology
    /// The user of the access control list; nil is the server's default user.
    public var user: String?
    /// The password; nil sends none.
    public var password: String?
    /// The number of the database, from 0; a cluster has only 0.
    public var database: Int
    /// The user at the sentinels, if they want a login of their own.
    public var sentinelUser: String?
    /// The password at the sentinels, if they want a login of their own.
    public var sentinelPassword: String?
    /// Nil speaks without TLS.
    public var tls: TLS?

    /// An address from its parts.
    public init(
        _ topology: Topology, user: String? = nil, password: String? = nil, database: Int = 0, tls: TLS? = nil
    ) {
        self.topology = topology
        self.user = user
        self.password = password
        self.database = database
        self.tls = tls
    }

    var endpoints: [RedisEndpoint] {
        switch topology {
        case .single(let endpoint): [endpoint]
        case .sentinel(let endpoints, _), .cluster(let endpoints): endpoints
        }
    }
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The address without user and password, fit for logs.
    public var description: String {
        let list = endpoints.map(\.description).joined(separator: ",")
        let secure = tls == nil ? "" : "s"
        let number = database == 0 ? "" : "/\(database)"
        return switch topology {
        case .single(.socket): "unix://\(list)" + (database == 0 ? "" : "?db=\(database)")
        case .single: "redis\(secure)://\(list)\(number)"
        case .sentinel(_, let master): "redis\(secure)+sentinel://\(list)/\(master)\(number)"
        case .cluster: "redis\(secure)+cluster://\(list)"
        }
    }

    /// The same as ``description``: no password here either.
    public var debugDescription: String { description }

    /// Shows no parts, so that `dump` shows no password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
#endif
