import CoreMetrics
import Logging
import ServiceLifecycle
import SojournConfiguration
import SojournCore
import SojournMetrics
import SojournModel
import SojournPrometheus
import SojournWire

#if HTTP
import SojournHTTP
#endif

#if HTTP
/// A listener whose absence is no reason to stop working: a worker beside a server may be told the same address.
struct SpareListener: Service {
    let listener: MetricsServer
    let logger: Logger

    func run() async throws {
        do {
            try await listener.run()
        } catch let error as HTTPServerError {
            logger.warning(
                "Metrics are not served; each process needs a METRICS_ADDR of its own",
                metadata: ["error": "\(error.description)"])
            try? await gracefulShutdown()
        }
    }
}
#endif

/// What a process shows of itself: one registry that everything counts in.
struct Observability {
    let registry: PrometheusRegistry
    let metrics: TaskMetrics
    private let settings: Settings

    init(_ settings: Settings) {
        self.settings = settings
        registry = PrometheusRegistry(
            Dictionary(
                uniqueKeysWithValues: MetricCatalog.all(promised: settings.queues.values.compactMap(\.sla)).map {
                    ($0.name, PrometheusRegistry.Description(help: $0.help, buckets: $0.buckets))
                }))
        registry.addProcess(startedAt: Double(SystemTime().now().microseconds) / 1e6)
        registry.makeMeter(label: "sojourn_build_info", dimensions: [("version", Sojourn.version)]).set(Int64(1))
        metrics = TaskMetrics(registry)
    }

    /// Answers a scrape.
    var scrape: @Sendable (_ accept: String?) -> (type: String, text: [UInt8]) {
        { [registry] in registry.scrape(accept: $0) }
    }

    #if HTTP
    /// The listener for `/metrics` alone, where the settings ask for one.
    func listener(_ logger: Logger) -> MetricsServer? {
        guard let address = settings.server.metricsAddress else { return nil }
        return MetricsServer(
            host: address.host, port: address.port, logger: Logger(label: "sojourn.metrics").quieter,
            metrics: scrape,
            onListening: { port in logger.info("Metrics", metadata: ["address": "\(address.host):\(port)"]) })
    }
    #endif
}
