import Logging
import ServiceLifecycle
import SojournConfiguration
import SojournCore
import SojournMetrics
import SojournServer

#if HTTP
import SojournClient
#endif

/// Where a worker gets its tasks: from a server over HTTP, or from the backend itself.
struct WorkerOrigin: Sendable {
    let source: any TaskSource
    /// Where that is, for people; without secrets.
    let place: String
    /// The clock by which its attempts start and end.
    let time: any TimeSource
    /// Whether the queue lives in this process.
    let isLocal: Bool
    /// What must run beside the worker.
    let services: [any Service]
    /// Throws where it does not answer.
    let check: @Sendable () async throws -> Void
    /// Ends it. Call it once the worker has stopped.
    let close: @Sendable () async -> Void

    /// Opens what the settings ask for.
    static func open(
        _ settings: Settings, _ observability: Observability, logger: Logger
    ) async throws -> WorkerOrigin {
        if settings.client.isDirect { return try await direct(settings, observability, logger: logger) }
        #if HTTP
        try Storage.refuseMissing(settings)
        let client = try SojournClient(
            settings.client.server, configuration: ClientConfiguration(apiKey: settings.client.apiKey?.value))
        return WorkerOrigin(
            source: MeteredSource(client, observability.metrics), place: settings.client.server, time: SystemTime(),
            isLocal: false,
            services: [],
            check: { try await client.checkHealth() }, close: client.shutdown)
        #else
        throw CommandFailure.builtWithout("HTTP")
        #endif
    }

    /// Perhaps no server runs, and then nobody else promotes and reaps. The duties are safe when several do them.
    private static func direct(
        _ settings: Settings, _ observability: Observability, logger: Logger
    ) async throws -> WorkerOrigin {
        let storage = try await Storage.open(settings)
        storage.warn(logger)
        let queue = storage.queue(settings).observed(by: [observability.metrics])
        return WorkerOrigin(
            source: queue, place: storage.place, time: storage.time, isLocal: true,
            services: [Server(queue: queue, configuration: ServerConfiguration(settings))]
                + (storage.clock.map { [$0] } ?? []),
            check: {}, close: storage.close)
    }
}
