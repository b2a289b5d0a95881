#if HTTP
import Logging
import ServiceLifecycle
import SojournAutoscale
import SojournConfiguration
import SojournCore
import SojournHTTP
import SojournMetrics
import SojournModel
import SojournServer
import SojournWire
import SojournWorker

/// What `sojourn serve` runs: the control plane of a queue, a worker, the keeper of promises and the HTTP surface.
struct ServerProcess {
    private let settings: Settings
    private let storage: Storage
    private let keeper: PromiseKeeper
    private let fleet: WorkerFleet
    private let observability: Observability
    private let events: EventFeed
    private let isListening = OneShot()
    private let isStopping = OneShot()
    private let logger = Logger(label: "sojourn")

    /// What those who are being answered get besides: as long as a connection may linger, and what that takes.
    private static let farewell: Duration = .seconds(3)

    /// Runs one until it is told to stop.
    ///
    /// - Parameter configurationFile: the one that the settings come from, if it was named.
    static func run(_ settings: Settings, configurationFile: String?) async throws {
        OpenFiles.raiseLimit()
        let logger = Logger(label: "sojourn")
        PromiseConfiguration(settings).warn(logger)
        let handlers = try HandlerTable(settings.handlers)
        try await finally(handlers.close) {
            let storage = try await Storage.open(settings)
            storage.warn(logger)
            try await finally(storage.close) {
                try await ServerProcess(settings, storage, configurationFile: configurationFile).serve(handlers)
            }
        }
    }

    /// Needs an open storage, because the parts look at its clock when they are made.
    private init(_ settings: Settings, _ storage: Storage, configurationFile: String?) {
        self.settings = settings
        self.storage = storage
        events = EventFeed(time: storage.time)
        keeper = PromiseKeeper(PromiseConfiguration(settings), time: storage.time)
        fleet = WorkerFleet(settings, configurationFile: configurationFile)
        observability = Observability(settings)
    }

    private func serve(_ handlers: HandlerTable) async throws {
        let backend = storage.backend
        let queue = storage.queue(settings, traffic: keeper).observed(by: [observability.metrics, events])
        keeper.begin(try await backend.depths(), paused: try await backend.pausedQueues())
        let server = try surface(queue, Greeting(settings, place: storage.place, types: handlers.types))
        let worker = worker(queue, handlers)
        // Stopped from the last to the first, one when the other has ended: worker processes, which need this server
        // to report; then the worker here, whose attempts must not pay for a client who is slow to leave, while others
        // are still answered; then the requests; then the duties.
        var services: [any Service] = [Server(queue: queue, configuration: ServerConfiguration(settings))]
        if let clock = storage.clock { services.append(clock) }
        services.append(server)
        services.append(sampler(queue))
        if let listener = observability.listener(logger) { services.append(listener) }
        if let worker { services.append(worker) }
        services.append(autoscaler(backend, worker))
        let drains = settings.autoscale.target == .processes ? 2 : 1
        let deadline = settings.server.drain * drains + .seconds(drains) + Self.farewell
        do {
            try await Supervisor(services: services, deadline: deadline, stopping: isStopping, logger: logger).run()
        } catch let error as HTTPServerError {
            throw CommandFailure(error.description)
        }
    }

    private func surface(_ queue: LocalTaskQueue, _ greeting: Greeting) throws(CommandFailure) -> HTTPServer {
        do throws(HTTPServerError) {
            return try HTTPServer(
                queue: queue, configuration: httpConfiguration(greeting), logger: Logger(label: "sojourn.http").quieter)
        } catch {
            throw CommandFailure(.usage, error.description)
        }
    }

    private func sampler(_ queue: LocalTaskQueue) -> MetricsSampler {
        let desk = TaskDesk(queue: queue, promises: promises) { [keeper] in keeper.insight($0) }
        return MetricsSampler(
            desk, observability.registry, every: settings.metricsSampleInterval,
            onSample: { [events] in events.show($0) })
    }

    private var promises: [QueueName: QueuePromise] {
        var promises: [QueueName: QueuePromise] = [:]
        for (name, queue) in settings.queues {
            guard let limit = queue.sla else { continue }
            promises[QueueName(trusted: name)] = QueuePromise(
                limit: limit, percentile: queue.slaPercentile, arrivalRate: queue.arrivalRate)
        }
        return promises
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
                isLocal: true),
            time: storage.time)
    }

    private func httpConfiguration(_ greeting: Greeting) -> HTTPServerConfiguration {
        let server = settings.server
        var configuration = HTTPServerConfiguration(host: server.host, port: server.port)
        configuration.apiKeys = server.apiKeys.map(\.value)
        configuration.allowedHosts = server.allowedHosts
        configuration.isBehindProxy = server.isBehindProxy
        configuration.lease = settings.lease.timeout
        configuration.metrics = observability.scrape
        configuration.events = events
        configuration.promises = promises
        configuration.insight = { [keeper] queue in keeper.insight(queue) }
        configuration.isStopping = { [isStopping] in isStopping.hasHappened }
        configuration.onListening = { [logger, fleet, isListening] port in
            greeting.show(port: port, logger: logger)
            fleet.listening(on: port)
            isListening.fire()
        }
        return configuration
    }
}
#endif
