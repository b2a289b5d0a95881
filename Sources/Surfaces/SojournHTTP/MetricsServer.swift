#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle

/// A listener for `/metrics` alone, without keys: for a monitoring system that must not reach the queue itself.
public struct MetricsServer: Service {
    private let host: String
    private let port: Int
    private let metrics: @Sendable (String?) -> (type: String, text: [UInt8])
    private let onListening: @Sendable (Int) -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - host: The address to listen on.
    ///   - port: The port to listen on; 0 = any that is free.
    ///   - metrics: Answers a scrape; see ``HTTPServerConfiguration/metrics``.
    ///   - onListening: Called once, with the port, when it listens.
    public init(
        host: String, port: Int, logger: Logger,
        metrics: @escaping @Sendable (String?) -> (type: String, text: [UInt8]),
        onListening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.logger = logger
        self.metrics = metrics
        self.onListening = onListening
    }

    /// Serves until it is told to stop.
    ///
    /// - Throws: ``HTTPServerError`` where the address cannot be listened on.
    public func run() async throws {
        let router = Router(context: HTTPContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: Problems())
        // Where only this machine shall ask, a web page on it must not.
        let address = HTTPServerConfiguration(host: host, port: port)
        if address.isLoopback { router.add(middleware: Guard(address, openPaths: ["/metrics"])) }
        router.get("/metrics") { [metrics] request, _ in
            let (type, text) = metrics(request.headers[.accept])
            return Answers.text(text, type: type)
        }
        let limits = HTTPLimits()
        let onListening = self.onListening
        let application = Application(
            router: router,
            server: HTTPServerBuilder { responder in HTTPConnection(responder: responder, limits: limits) },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), backlog: 64,
                // A few monitoring systems ask; more would be somebody else.
                availableConnectionsDelegate: MaximumAvailableConnections(64)),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) }, logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw HTTPServerError(description: "Cannot listen on \(host), port \(port): \(error).")
        }
    }
}
#endif
