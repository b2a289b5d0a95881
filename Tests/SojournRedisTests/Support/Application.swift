#if Redis
import Foundation
import Logging
import RESP
import RedisTestKit
import ServiceLifecycle
import SojournCore
import SojournModel
import SojournRedis
import SojournServer
import SojournTestKit
import SojournWorker
import Synchronization
import Testing

/// What somebody runs who has their queue on Redis: a worker, the server's duties, and producers.
struct Application: Sendable {
    static let type: TaskType = "work"
    /// What the first byte of a payload asks of the handler.
    enum Kind: UInt8 {
        case quick
        /// Fails when it runs for the first time.
        case failsOnce
        /// Runs longer than a lease.
        case long
    }

    let queue: LocalTaskQueue
    let history = History()
    let log: LogBook
    /// Leases that run out while nobody looks shall not keep a test waiting.
    static let lease = Duration.seconds(2)

    /// On one ``RedisQueue``, with the settings of a client that nobody has set.
    init(
        on address: RedisAddress, _ stage: Stage, configuration: RedisConfiguration = RedisConfiguration()
    ) throws {
        let log = LogBook()
        let redis = RedisQueue(try stage.client(address, configuration, logger: log.logger("redis")))
        self.init(store: redis, backend: redis, log: log)
    }

    init(store: any TaskStore, backend: any QueueBackend, log: LogBook) {
        self.log = log
        let retry = RetryPolicy(base: .milliseconds(50), cap: .milliseconds(200))
        queue = LocalTaskQueue(store: store, backend: backend, policies: TaskPolicies(maxRetries: 25, retry: retry))
    }

    /// Worker and duties run while `body` does; none of them may end by itself.
    func run(_ body: () async throws -> Void) async throws {
        let worker = Worker(
            source: ObservedQueue(queue: queue, history: history), handlers: handlers,
            configuration: WorkerConfiguration(
                concurrency: 16, leaseDuration: Self.lease, drainTime: .zero, name: "worker"),
            logger: log.logger("worker"))
        let server = Server(
            queue: queue,
            configuration: ServerConfiguration(
                promoteInterval: .milliseconds(100), reapInterval: .milliseconds(200),
                retentionInterval: .milliseconds(200)), logger: log.logger("server"))
        let group = ServiceGroup(
            services: [server, worker], logger: Logger(label: "group") { _ in SwiftLogNoOpLogHandler() })
        let isOver = Flag()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                do { try await group.run() } catch { Issue.record(error, "a service failed") }
                if !isOver.isSet { Issue.record("a service ended by itself") }
            }
            let result = await Self.result(body)
            isOver.set()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    private static func result(_ body: () async throws -> Void) async -> Result<Void, any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    private var handlers: HandlerRegistry {
        var handlers = HandlerRegistry()
        handlers.register(Self.type) { [history] payload, context in
            let run = history.begin(context.id)
            switch payload.first.flatMap({ Kind(rawValue: $0) }) {
            case .quick, nil: break
            case .failsOnce: if run == 1 { throw Failure("this fails once") }
            case .long: try await Task.sleep(for: .milliseconds(2_500))
            }
            return .succeeded()
        }
        return handlers
    }
}

// MARK: Load

extension Application {
    /// A task that nobody has offered yet.
    func newTask(
        _ kind: Kind = .quick, queue: QueueName = .default, after delay: Duration = .zero, bytes: Int = 1,
        key: String? = nil
    ) -> NewTask {
        var random = SystemRandomNumberGenerator()
        let now = self.queue.time.now()
        return NewTask(
            message: TaskMessage(
                id: TaskID(at: now, random: &random), type: Self.type, queue: queue,
                payload: [kind.rawValue] + [UInt8](repeating: 7, count: bytes - 1), enqueuedAt: now,
                availableAt: now.advanced(by: delay)), idempotencyKey: key)
    }

    /// Offers tasks until they are accepted, as a producer does who wants to be sure.
    func offer(_ tasks: [NewTask]) async throws {
        while true {
            do throws(BackendError) {
                _ = try await queue.enqueue(tasks)
                return history.accept(tasks)
            } catch {
                history.refuse(error)
                guard error.isRetryable else { throw error }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Producers offer tasks of many kinds while `body` runs.
    func underLoad(_ body: () async throws -> Void) async throws {
        let isOver = Flag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for producer in 0..<6 {
                group.addTask {
                    let queue = QueueName(trusted: "queue-\(producer % 2)")
                    for round in 0... where !Task.isCancelled {
                        if isOver.isSet { break }
                        var tasks = (0..<5).map { _ in newTask(queue: queue) }
                        if round % 5 == 0 { tasks.append(newTask(.failsOnce, queue: queue)) }
                        if round % 3 == 0 { tasks.append(newTask(queue: queue, after: .milliseconds(50))) }
                        try await offer(tasks)
                        try await Task.sleep(for: .milliseconds(30))
                    }
                }
            }
            try await body()
            isOver.set()
            try await group.waitForAll()
        }
    }
}

/// Something that many can see.
final class Flag: Sendable {
    private let state = Atomic(false)
    var isSet: Bool { state.load(ordering: .acquiring) }
    func set() { state.store(true, ordering: .releasing) }
}

/// How often the long tests do what they do: SOJOURN_FAULT_ROUNDS, or a few times where nobody says.
enum FaultRounds {
    static func count(_ few: Int) -> Int {
        ProcessInfo.processInfo.environment["SOJOURN_FAULT_ROUNDS"].flatMap { Int($0) } ?? few
    }
}
#endif
