import Logging
import ServiceLifecycle
import SojournCore
import SojournHandlers
import SojournLoad
import SojournMemory
import SojournModel
import SojournServer
import SojournWire
import SojournWorker
import Synchronization

/// A queue in memory with a worker, and what can go wrong on the way to it.
final class Plant: LoadTarget {
    struct Refusal: Error {}

    private let desk: TaskDesk
    private let queue: LocalTaskQueue
    private let pause: Duration
    private let pausedCall: Int
    private let calls = Mutex(0)
    private let refusals: Mutex<Int>
    private let hidden: Int

    /// - Parameters:
    ///   - pause: how long the call with the number `atCall` takes, counted from 1.
    ///   - refusing: calls that are refused, from the first on.
    ///   - hiding: tasks that listings leave out.
    init(pause: Duration = .zero, atCall: Int = 0, refusing: Int = 0, hiding: Int = 0) {
        let time = SystemTime()
        let memory = MemoryQueue(time: time)
        let policies = TaskPolicies(retry: RetryPolicy(base: .milliseconds(1), cap: .milliseconds(2)))
        queue = LocalTaskQueue(store: memory, backend: memory, policies: policies, time: time)
        desk = TaskDesk(queue: queue)
        self.pause = pause
        pausedCall = atCall
        refusals = Mutex(refusing)
        hidden = hiding
    }

    func enqueue(_ task: NewTask) async throws -> EnqueueAnswer { try await enqueueAll([task])[0] }

    func enqueueAll(_ tasks: [NewTask]) async throws -> [EnqueueAnswer] {
        let isRefused = refusals.withLock { left in
            left -= 1
            return left >= 0
        }
        if isRefused { throw Refusal() }
        let call = calls.withLock { calls in
            calls += 1
            return calls
        }
        if call == pausedCall { try await queue.time.sleep(for: pause) }
        var answers: [EnqueueAnswer] = []
        for (task, result) in zip(tasks, try await queue.enqueue(tasks)) {
            answers.append(try await desk.answer(to: task, result))
        }
        return answers
    }

    func task(_ id: TaskID) async throws -> TaskView? { try await desk.task(id) }

    func tasks(matching filter: TaskFilter, limit: Int, cursor: String?) async throws -> TaskPageView {
        var page = try await desk.tasks(matching: filter, limit: limit, cursor: cursor)
        page.tasks = Array(page.tasks.dropLast(hidden))
        return page
    }

    func queue(_ name: QueueName) async throws -> QueueView? { try await desk.queue(name) }

    /// Runs `body` while a worker and the duties of a server run.
    func withWorker<Result>(_ body: () async throws -> Result) async throws -> Result {
        var handlers = HandlerRegistry()
        BuiltinHandlers.register(in: &handlers)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let worker = Worker(
            source: queue, handlers: handlers,
            configuration: WorkerConfiguration(concurrency: 16, drainTime: .zero, name: "w"), logger: logger)
        let group = ServiceGroup(services: [worker, Server(queue: queue, logger: logger)], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let result = try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
    }
}
