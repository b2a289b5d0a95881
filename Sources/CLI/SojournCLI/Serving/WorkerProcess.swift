#if HTTP
import Logging
import ServiceLifecycle
import SojournClient
import SojournConfiguration
import SojournCore
import SojournModel
import SojournWorker

/// What `sojourn worker` runs: a worker whose tasks come over HTTP.
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

    /// Runs until it is told to stop. A server that does not answer is asked again and again.
    func run() async throws {
        let handlers = try HandlerTable(settings.handlers)
        let client = try SojournClient(
            settings.client.server, configuration: ClientConfiguration(apiKey: settings.client.apiKey?.value))
        let worker = Worker(
            source: client, handlers: handlers.registry,
            configuration: WorkerConfiguration(
                queues: queues, concurrency: settings.server.concurrency, leaseDuration: settings.lease.timeout,
                drainTime: WorkerConfiguration.drainTime(within: settings.server.drain), name: name))
        // One that a server started is asked for now, and its server answers.
        if !isBoundToParent { await greet(handlers.types, client) }
        let services: [any Service] = isBoundToParent ? [worker, ParentWatch()] : [worker]
        let supervisor = Supervisor(
            services: services, deadline: settings.server.drain + .seconds(1), logger: logger)
        let result: Result<Void, any Error>
        do {
            result = .success(try await supervisor.run())
        } catch {
            result = .failure(error)
        }
        await handlers.close()
        await client.shutdown()
        try result.get()
    }

    private func greet(_ types: [TaskType], _ client: SojournClient) async {
        let served = queues.isEmpty ? "all queues" : queues.map(\.rawValue).joined(separator: ", ")
        let types = types.map(\.rawValue).joined(separator: ", ")
        Console.say(
            """
            sojourn \(Sojourn.version) worker \(name) for \(settings.client.server)
              queues    \(served)
              handlers  \(types) (\(settings.server.concurrency) attempts at once)
            """)
        do {
            try await client.checkHealth()
        } catch {
            logger.warning("The server does not answer yet; the worker goes on asking", metadata: ["error": "\(error)"])
        }
    }
}
#endif
