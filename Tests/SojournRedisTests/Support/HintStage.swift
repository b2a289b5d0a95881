#if Redis && SQLite
import Foundation
import Logging
import RESP
import RedisTestKit
import ServiceLifecycle
import SojournCore
import SojournModel
import SojournRedis
import SojournSQLite
import SojournServer
import SojournTestKit
import SojournWorker
import Synchronization

/// A queue over SQLite with hints in Redis, and what its worker has done.
final class HintStage: Sendable {
    static let type: TaskType = "test"
    let redis: OneServer
    let store: SQLiteQueue
    let queue: LocalTaskQueue
    private struct Book {
        var accepted: Set<TaskID> = []
        var starts: [TaskID: Int] = [:]
    }
    private let book = Mutex(Book())

    fileprivate init(_ redis: OneServer, folder: URL) throws {
        self.redis = redis
        store = try SQLiteQueue(folder: folder.path)
        let hinted = HintedQueue(store: store, hints: RedisHints(try redis.client()), logger: .quiet)
        queue = LocalTaskQueue(store: hinted, backend: hinted)
    }

    static func with(_ settings: [String] = [], _ body: (HintStage) async throws -> Void) async throws {
        try await withOneServer(settings) { redis in
            try await TemporaryFolder.with { folder in
                let stage = try HintStage(redis, folder: folder)
                defer { stage.store.close() }
                try await body(stage)
            }
        }
    }

    /// Enqueues plain tasks.
    func produce(_ count: Int, queue name: QueueName = .default) async throws {
        let tasks = newTasks(count, queue: name)
        _ = try await queue.enqueue(tasks)
        book.withLock { $0.accepted.formUnion(tasks.map(\.message.id)) }
    }

    /// How many tasks had at least one start.
    var started: Int { book.withLock { $0.starts.count } }
    /// How many tasks were accepted.
    var accepted: Int { book.withLock { $0.accepted.count } }

    /// Returns when every accepted task has succeeded; throws where that takes longer than `limit`, or some task was
    /// started twice.
    func allEnd(within limit: Duration = .seconds(5), _ when: String) async throws {
        try await eventually("\(accepted) tasks end \(when)", within: limit) {
            let depths = try await queue.backend.depths()
            let counts = depths.reduce(into: [:]) { $0.merge($1.counts, uniquingKeysWith: +) }
            return counts.filter { $0.value > 0 } == [.succeeded: accepted]
        }
        let twice = book.withLock { $0.starts.filter { $0.value != 1 }.count }
        guard twice == 0 else { throw RedisTestError("\(twice) tasks started more than once \(when)") }
    }

    /// Returns when every waiting task is hinted, on the server that runs now.
    func isFilled(within limit: Duration = .seconds(20)) async throws {
        let client = try redis.client()
        try await eventually("the hints are complete", within: limit) {
            let info = try? await client.send(Command("INFO", key: nil, "server")).text
            let run = info?.split(whereSeparator: \.isNewline).first { $0.hasPrefix("run_id:") }?.dropFirst(7)
            let epoch = try? await client.send(Command("GET", key: "{sojourn}:hints:epoch")).text
            return run.map { epoch == "\($0) complete" } ?? false
        }
    }

    /// How many hints of plain tasks are in Redis.
    func hinted(in queue: QueueName = .default) async throws -> Int {
        try await redis.client().send(Command("ZCARD", key: hintKey(queue))).integer ?? 0
    }

    /// Runs the duties, and a worker unless told not to, while `body` runs.
    func run(withWorker: Bool = true, concurrency: Int = 8, _ body: () async throws -> Void) async throws {
        var handlers = HandlerRegistry()
        handlers.register(Self.type) { _, context in
            self.book.withLock { $0.starts[context.id, default: 0] += 1 }
            try await Task.sleep(for: .milliseconds(1))
            return .succeeded()
        }
        var services: [any Service] = [Server(queue: queue, logger: .quiet)]
        if withWorker {
            let configuration = WorkerConfiguration(concurrency: concurrency, drainTime: .seconds(5), name: "w")
            services.append(Worker(source: queue, handlers: handlers, configuration: configuration, logger: .quiet))
        }
        let group = ServiceGroup(services: services, logger: .quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body()
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

/// The key of the hints of plain tasks.
func hintKey(_ queue: QueueName = .default) -> String {
    "{sojourn:\(queue)}:hints:\(Priority.default.rawValue) default test"
}

extension Logger {
    /// What goes wrong in these tests goes wrong on purpose.
    static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}
#endif
