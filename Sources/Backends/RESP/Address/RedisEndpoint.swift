#if Redis
/// Where one server listens.
public enum RedisEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// A host name or an IP address, and a port from 1 to 65535.
    case host(String, port: Int)
    /// The path of a Unix socket.
    case socket(path: String)

    /// `host:port`, with brackets around IPv6, or the path of the socket.
    public var description: String {
        switch self {
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .socket(let path): path
        }
    }
}
#endif
