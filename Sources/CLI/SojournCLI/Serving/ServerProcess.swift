#if SQLite && HTTP
import Logging
import ServiceLifecycle
import SojournAutoscale
import SojournConfiguration
import SojournCore
import SojournHTTP
import SojournModel
import SojournSQLite
import SojournServer
import SojournWire
import SojournWorker

/// What `sojourn serve` runs: the embedded store, the control plane, a worker, the keeper of promises and the HTTP
/// surface.
struct ServerProcess {
    private let settings: Settings
    private let keeper: PromiseKeeper
    private let fleet: WorkerFleet
    private let isListening = OneShot()
    private let logger = Logger(label: "sojourn")

    /// - Parameter configurationFile: the one that the settings come from, if it was named.
    init(_ settings: Settings, configurationFile: String?) {
        self.settings = settings
        keeper = PromiseKeeper(PromiseConfiguration(settings))
        fleet = WorkerFleet(settings, configurationFile: configurationFile)
    }

    /// Runs until it is told to stop.
    func run() async throws {
        if settings.server.metricsAddress != nil {
            logger.warning(
                "server.metrics_address is not served by this version; /metrics is at the server's own address")
        }
        let handlers = try HandlerTable(settings.handlers)
        let sqlite = try SQLiteQueue(folder: settings.server.dataDirectory)
        let queue = LocalTaskQueue(
            store: sqlite, backend: sqlite, policies: TaskPolicies(settings), traffic: keeper)
        keeper.configuration.warn(logger)
        let result: Result<Void, any Error>
        do {
            keeper.begin(try await sqlite.depths(), paused: try await sqlite.pausedQueues())
            let server = try surface(queue, handlers.types)
            let worker = worker(queue, handlers)
            // Stopped from the last to the first: worker processes, which need this server to report, then no new
            // requests, then no running attempts, then no duties.
            var services: [any Service] = [Server(queue: queue, configuration: ServerConfiguration(settings))]
            if let worker { services.append(worker) }
            services.append(server)
            services.append(autoscaler(sqlite, worker))
            let drains = settings.autoscale.target == .processes ? 2 : 1
            let deadline = settings.server.drain * drains + .seconds(drains)
            try await Supervisor(services: services, deadline: deadline, logger: logger).run()
            result = .success(())
        } catch let error as HTTPServerError {
            result = .failure(CommandFailure(error.description))
        } catch {
            result = .failure(error)
        }
        await handlers.close()
        sqlite.close()
        try result.get()
    }

    private func surface(_ queue: LocalTaskQueue, _ types: [TaskType]) throws(CommandFailure) -> HTTPServer {
        do throws(HTTPServerError) {
            return try HTTPServer(
                queue: queue, configuration: httpConfiguration(types), logger: Logger(label: "sojourn.http").quieter)
        } catch {
            throw CommandFailure(.usage, error.description)
        }
    }

    private func autoscaler(_ backend: any QueueBackend, _ worker: Worker?) -> Autoscaler {
        let target = settings.autoscale.target
        var resize: (@Sendable (Int) -> Void)?
        if target == .slots, let worker { resize = { worker.resize(to: $0) } }
        return Autoscaler(
            keeper: keeper, backend: backend, fleet: target == .processes ? fleet.processes : nil, resize: resize,
            start: isListening)
    }

    private func worker(_ queue: LocalTaskQueue, _ handlers: HandlerTable) -> Worker? {
        guard settings.server.concurrency > 0 else { return nil }
        return Worker(
            source: queue, handlers: handlers.registry,
            configuration: WorkerConfiguration(
                concurrency: settings.server.concurrency, leaseDuration: settings.lease.timeout,
                drainTime: WorkerConfiguration.drainTime(within: settings.server.drain), name: ProcessName.make(),
                isLocal: true))
    }

    private func httpConfiguration(_ types: [TaskType]) -> HTTPServerConfiguration {
        let server = settings.server
        var configuration = HTTPServerConfiguration(host: server.host, port: server.port)
        configuration.apiKeys = server.apiKeys.map(\.value)
        configuration.allowedHosts = server.allowedHosts
        configuration.isBehindProxy = server.isBehindProxy
        configuration.lease = settings.lease.timeout
        configuration.metricsInterval = settings.metricsSampleInterval
        for (name, queue) in settings.queues {
            guard let limit = queue.sla else { continue }
            configuration.promises[QueueName(trusted: name)] = QueuePromise(
                limit: limit, percentile: queue.slaPercentile, arrivalRate: queue.arrivalRate)
        }
        configuration.insight = { [keeper] queue in keeper.insight(queue) }
        let greeting = Greeting(settings, types: types)
        configuration.onListening = { [logger, fleet, isListening] port in
            greeting.show(port: port, logger: logger)
            fleet.listening(on: port)
            isListening.fire()
        }
        return configuration
    }
}

extension TaskPolicies {
    init(_ settings: Settings) {
        let retry = settings.retry
        let byQueue = settings.queues.map { (QueueName(trusted: $0.key), $0.value.maxRetries) }
        let byType = settings.handlers.compactMap { name, handler in
            handler.maxRetries.map { (TaskType(trusted: name), $0) }
        }
        self.init(
            retry: RetryPolicy(base: retry.base, cap: retry.max, jitter: .full, spread: retry.jitter),
            maxRetriesByQueue: Dictionary(uniqueKeysWithValues: byQueue),
            maxRetriesByType: Dictionary(uniqueKeysWithValues: byType))
    }
}

extension ServerConfiguration {
    fileprivate init(_ settings: Settings) {
        self.init(
            promoteInterval: settings.retry.scanInterval, promoteBatch: settings.retry.batchSize,
            reapInterval: settings.reaper.scanInterval, reapBatch: settings.reaper.batchSize,
            retention: RetentionPolicy(
                finished: settings.retention.finished, dead: settings.retention.dead, keys: settings.idempotencyWindow))
    }
}
#endif
