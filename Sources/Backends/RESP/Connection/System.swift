#if Redis
import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A silent connection is probed after 15 seconds, and given up after three probes without an answer: a subscription
/// sends nothing by which it could notice that the other side is gone.
enum KeepAlive {
    static let options: [(key: NIOBSDSocket.Option, value: Int)] = [
        (NIOBSDSocket.Option(rawValue: idle), 15),
        (NIOBSDSocket.Option(rawValue: TCP_KEEPINTVL), 5),
        (NIOBSDSocket.Option(rawValue: TCP_KEEPCNT), 3),
    ]

    #if canImport(Darwin)
    private static let idle = TCP_KEEPALIVE
    #else
    private static let idle = TCP_KEEPIDLE
    #endif
}

extension IOError {
    /// The system's words for it, such as `Connection refused`.
    var words: String { String(cString: strerror(errnoCode)) }
}
#endif
