#if Redis
import NIOCore
import NIOPosix
import NIOSSL

/// Opens sockets to one place, with TLS where the address asks for it.
struct Connector: Sendable {
    /// Finds the server to connect to; asked again for every connection, because it moves.
    let find: @Sendable (any EventLoop) -> EventLoopFuture<RedisEndpoint>
    /// The place in words, for logs.
    let place: String
    let security: Security?
    let timeout: TimeAmount
    let limits: WireLimits

    /// Opens a socket whose pipeline ends with what `makeHandler` returns.
    func connect(
        on loop: any EventLoop, _ makeHandler: @escaping @Sendable (WireLimits) -> LinkHandler
    ) -> EventLoopFuture<Void> {
        find(loop).flatMap { endpoint in
            let bootstrap = ClientBootstrap(group: loop)
                .connectTimeout(timeout)
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let security {
                            try channel.pipeline.syncOperations.addHandler(security.handler(for: endpoint))
                        }
                        try channel.pipeline.syncOperations.addHandler(makeHandler(limits))
                    }
                }
            return Self.connect(bootstrap, to: endpoint)
        }
    }

    private static func connect(_ bootstrap: ClientBootstrap, to endpoint: RedisEndpoint) -> EventLoopFuture<Void> {
        switch endpoint {
        case .socket(let path): return bootstrap.connect(unixDomainSocketPath: path).map { _ in }
        case .host(let host, let port):
            let options = KeepAlive.options.reduce(bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)) {
                $0.channelOption(.tcpOption($1.key), value: $1.value)
            }
            return options.connect(host: host, port: port).map { _ in }
        }
    }
}

// MARK: Errors

extension Connector {
    /// What an error of the network library means for a command.
    static func error(from error: any Error, whileConnecting: Bool) -> RESPError {
        switch error {
        case let error as RESPError: error
        case NIOSSLError.uncleanShutdown, NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])):
            RESPError(.connectionLost, "The connection to Redis was cut off.")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: RESPError(.tls, "TLS failed: \(error).")
        case let error as NIOConnectionError: connecting(error)
        case ChannelError.connectTimeout: RESPError(.timeout, "No connection to Redis before the deadline.")
        case _ where whileConnecting: RESPError(.connectionRefused, "No connection to Redis: \(words(error)).")
        default: RESPError(.connectionLost, "The connection to Redis broke: \(words(error)).")
        }
    }

    private static func connecting(_ error: NIOConnectionError) -> RESPError {
        let place = RedisEndpoint.host(error.host, port: error.port)
        guard let first = error.connectionErrors.first else {
            return RESPError(.unknownHost, "The Redis host \(error.host) has no address.")
        }
        if case ChannelError.connectTimeout = first.error {
            return RESPError(.timeout, "No connection to Redis at \(place) before the deadline.")
        }
        return RESPError(.connectionRefused, "No connection to Redis at \(place): \(words(first.error)).")
    }

    private static func words(_ error: any Error) -> String { (error as? IOError)?.words ?? "\(error)" }
}

#endif
