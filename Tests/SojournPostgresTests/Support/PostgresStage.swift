#if Postgres
import Logging
import PostgresTestKit
import ServiceLifecycle
import SojournCore
import SojournModel
import SojournPostgres
import SojournServer
import SojournTestKit
import SojournWorker
import Synchronization
import Testing

/// An application on a Postgres of its own, which may be hurt: what it accepted, and what its worker has started.
final class PostgresStage: Sendable {
    static let type: TaskType = "test"
    let server: PostgresProcess
    let connection: PostgresConnection
    let queue: LocalTaskQueue
    private struct Book {
        var accepted: Set<TaskID> = []
        var starts: [TaskID: Int] = [:]
        var refusals: Set<BackendError.Code> = []
        var waits: [Duration] = []
    }
    private let book = Mutex(Book())

    private init(_ server: PostgresProcess) throws {
        self.server = server
        connection = try PostgresConnection(server.url(), connections: 6, logger: .silent)
        queue = LocalTaskQueue(store: connection.queue, backend: connection.queue)
    }

    static func with(
        _ settings: [String] = [], onDiskOf megabytes: Int? = nil, _ body: (PostgresStage) async throws -> Void
    ) async throws {
        let server = try await PostgresProcess.start(settings: settings, onDiskOf: megabytes)
        let result: Result<Void, any Error>
        do {
            let stage = try PostgresStage(server)
            try await stage.connection.migrations.apply()
            do { result = .success(try await body(stage)) } catch {
                await stage.connection.close()
                throw error
            }
            await stage.connection.close()
        } catch {
            result = .failure(error)
        }
        await server.stop()
        try result.get()
    }

    /// Enqueues one task, and notes it where it was accepted; whether it was.
    func produce() async -> Bool {
        var random = SystemRandomNumberGenerator()
        let now = queue.time.now()
        let message = TaskMessage(
            id: TaskID(at: now, random: &random), type: Self.type, payload: [1], enqueuedAt: now, availableAt: now)
        do throws(BackendError) {
            _ = try await queue.enqueue([NewTask(message: message)])
        } catch {
            book.withLock { _ = $0.refusals.insert(error.code) }
            return false
        }
        book.withLock { _ = $0.accepted.insert(message.id) }
        return true
    }

    /// Produces from four callers while `fault` happens.
    func underLoad(_ fault: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    while !Task.isCancelled {
                        if await !self.produce() { try? await Task.sleep(for: .milliseconds(10)) }
                    }
                }
            }
            try await Task.sleep(for: .milliseconds(200))
            try await fault()
            try await Task.sleep(for: .milliseconds(200))
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// A task that comes now starts within five seconds.
    func goesOn(_ when: String) async throws {
        let before = starts.count
        try await eventually("tasks are taken and started \(when)", within: .seconds(5)) {
            _ = await produce()
            return starts.count > before
        }
    }

    /// Every accepted task ran and is on record as succeeded. One may have run twice: leases are not on the disk before
    /// their tasks are finished, and a server that is killed forgets those of the last moment.
    func everyTaskEnded() async throws {
        for id in accepted {
            let record = try #require(try await queue.store.task(id))
            #expect(record.status == .succeeded)
            #expect(starts[id] ?? 0 >= 1)
        }
    }

    var accepted: Set<TaskID> { book.withLock { $0.accepted } }
    /// Why tasks were refused, where some were.
    var refusals: Set<BackendError.Code> { book.withLock { $0.refusals } }
    /// From the call that enqueued to the start.
    var waits: [Duration] { book.withLock { $0.waits } }
    var starts: [TaskID: Int] { book.withLock { $0.starts } }

    /// Returns when every accepted task has succeeded.
    func allEnd(within limit: Duration, _ when: String) async throws {
        try await eventually("the accepted tasks end \(when)", within: limit) {
            guard let depths = try? await queue.backend.depths() else { return false }
            let open = depths.reduce(0) { sum, depth in
                sum + depth.counts.filter { !$0.key.isFinal }.reduce(0) { $0 + $1.value }
            }
            let ended = depths.reduce(0) { $0 + ($1.counts[.succeeded] ?? 0) }
            return open == 0 && ended >= accepted.count
        }
    }

    /// Runs the duties and a worker while `body` runs.
    func run(lease: Duration = .seconds(60), _ body: () async throws -> Void) async throws {
        var handlers = HandlerRegistry()
        handlers.register(Self.type) { _, context in
            let wait = self.queue.time.now().duration(since: context.id.madeAt)
            self.book.withLock { book in
                book.starts[context.id, default: 0] += 1
                book.waits.append(wait)
            }
            return .succeeded()
        }
        let configuration = WorkerConfiguration(
            concurrency: 16, leaseDuration: lease, drainTime: .seconds(5), name: "w")
        let services: [any Service] = [
            Server(queue: queue, logger: .silent),
            Worker(source: queue, handlers: handlers, configuration: configuration, logger: .silent),
        ]
        let group = ServiceGroup(services: services, logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do { try await body() } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
#endif
