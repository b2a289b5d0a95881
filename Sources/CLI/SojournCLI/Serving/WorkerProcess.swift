import Logging
import ServiceLifecycle
import SojournConfiguration
import SojournCore
import SojournModel
import SojournWorker

/// What `sojourn worker` runs: a worker whose tasks come from a server or from the backend.
struct WorkerProcess {
    private let settings: Settings
    private let queues: [QueueName]
    private let name: String
    private let isBoundToParent: Bool
    private let logger = Logger(label: "sojourn")

    /// - Parameter isBoundToParent: whether it stops when its standard input ends.
    init(_ settings: Settings, queues: [QueueName], name: String, isBoundToParent: Bool) {
        self.settings = settings
        self.queues = queues
        self.name = name
        self.isBoundToParent = isBoundToParent
    }

    /// Runs until it is told to stop. A server or backend that went away is asked again and again.
    func run() async throws {
        OpenFiles.raiseLimit()
        let handlers = try HandlerTable(settings.handlers)
        let observability = Observability(settings)
        try await finally(handlers.close) {
            let origin = try await WorkerOrigin.open(settings, observability, logger: logger)
            try await finally(origin.close) { try await run(handlers, with: origin, observability) }
        }
    }

    private func run(
        _ handlers: HandlerTable, with origin: WorkerOrigin, _ observability: Observability
    ) async throws {
        let worker = Worker(
            source: origin.source, handlers: handlers.registry,
            configuration: WorkerConfiguration(
                queues: queues, concurrency: settings.server.concurrency, leaseDuration: settings.lease.timeout,
                drainTime: WorkerConfiguration.drainTime(within: settings.server.drain), name: name,
                isLocal: origin.isLocal),
            time: origin.time)
        // One that a server started is asked for now, and its server answers.
        if !isBoundToParent { await greet(handlers.types, origin) }
        var services = origin.services + [worker]
        if isBoundToParent { services.append(ParentWatch()) }
        #if HTTP
        // Those that a server started would all want its own address.
        if !isBoundToParent, let listener = observability.listener(logger) {
            services.append(SpareListener(listener: listener, logger: logger))
        }
        #endif
        try await Supervisor(services: services, deadline: settings.server.drain + .seconds(1), logger: logger).run()
    }

    private func greet(_ types: [TaskType], _ origin: WorkerOrigin) async {
        let served = queues.isEmpty ? "all queues" : queues.map(\.rawValue).joined(separator: ", ")
        let types = types.map(\.rawValue).joined(separator: ", ")
        Console.say(
            """
            sojourn \(Sojourn.version) worker \(name) for \(origin.place)
              queues    \(served)
              handlers  \(types) (\(settings.server.concurrency) attempts at once)
            """)
        do {
            try await origin.check()
        } catch {
            logger.warning("The server does not answer yet; the worker goes on asking", metadata: ["error": "\(error)"])
        }
    }
}
