#if HTTP
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle
public import SojournCore
import SojournWire

/// The HTTP surface: lets producers, workers and people in any language use a queue.
public struct HTTPServer: Service {
    private let queue: LocalTaskQueue
    private let configuration: HTTPServerConfiguration
    private let logger: Logger

    /// A server for `queue`.
    ///
    /// - Throws: ``HTTPServerError`` where the configuration would let in whom it must not.
    public init(
        queue: LocalTaskQueue, configuration: HTTPServerConfiguration, logger: Logger
    ) throws(HTTPServerError) {
        if let problem = configuration.problem { throw HTTPServerError(description: problem) }
        self.queue = queue
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until the surrounding task is cancelled or shut down gracefully; then answers what it has begun to read.
    ///
    /// - Throws: ``HTTPServerError`` where the address cannot be listened on.
    public func run() async throws {
        let desk = TaskDesk(queue: queue, promises: configuration.promises, insight: configuration.insight)
        let replays = PacedReplays(desk: desk, most: configuration.limits.pacedReplays, logger: logger)
        let table = RouteTable(desk: desk, configuration: configuration, replays: replays)
        let onListening = configuration.onListening
        var application = Application(
            router: table.router(configuration),
            server: HTTPServerBuilder { [limits = configuration.limits] responder in
                HTTPConnection(responder: responder, limits: limits)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), backlog: 1_024,
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.limits.connections)),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
        application.addServices(
            replays, EventHeartbeat(feed: configuration.events, pause: configuration.limits.heartbeatTime))
        do {
            try await application.run()
        } catch let error as IOError {
            throw HTTPServerError(
                description: "Cannot listen on \(configuration.host), port \(configuration.port): \(error).")
        }
    }
}
#endif
