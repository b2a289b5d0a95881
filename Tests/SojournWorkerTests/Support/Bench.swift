import Logging
import ServiceLifecycle
import SojournCore
import SojournMemory
import SojournModel
import SojournServer
import SojournTestKit
import SojournWorker
import Synchronization

/// A queue in memory with a worker and the server's duties, on one clock.
struct Bench: Sendable {
    static let type: TaskType = "work"
    let time: any TimeSource
    let queue: LocalTaskQueue
    let source: ObservedSource

    init(time: any TimeSource = SystemTime(), policies: TaskPolicies = TaskPolicies()) {
        let memory = MemoryQueue(time: time)
        self.time = time
        self.queue = LocalTaskQueue(store: memory, backend: memory, policies: policies, time: time)
        self.source = ObservedSource(queue)
    }

    func enqueue(_ count: Int = 1, _ change: (inout TaskMessage) -> Void = { _ in }) async throws -> [TaskID] {
        var random = SystemRandomNumberGenerator()
        let now = time.now()
        let tasks = (0..<count).map { _ in
            var message = TaskMessage(
                id: TaskID(at: now, random: &random), type: Self.type, payload: [], enqueuedAt: now, availableAt: now)
            change(&message)
            return NewTask(message: message)
        }
        _ = try await queue.enqueue(tasks)
        return tasks.map(\.message.id)
    }

    func record(_ id: TaskID) async throws -> TaskRecord {
        guard let record = try await queue.store.task(id) else {
            throw BackendError(.rejected, "There is no task \(id).")
        }
        return record
    }

    func eventually(_ id: TaskID, is status: TaskStatus) async throws {
        try await SojournTestKit.eventually("\(id) is \(status)") { try await record(id).status == status }
    }

    /// Runs a worker with one handler, and the duties if asked for, while `body` runs; then shuts them down.
    func run(
        _ configuration: WorkerConfiguration = WorkerConfiguration(concurrency: 4, drainTime: .zero, name: "w"),
        withDuties: Bool = false,
        handler: @escaping @Sendable (TaskContext) async throws -> Outcome,
        _ body: (_ shutDown: @escaping @Sendable () async -> Void) async throws -> Void
    ) async throws {
        var handlers = HandlerRegistry()
        handlers.register(Self.type) { _, context in try await handler(context) }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let worker = Worker(
            source: source, handlers: handlers, configuration: configuration, time: time, logger: logger)
        var services: [any Service] = [worker]
        if withDuties { services.append(Server(queue: queue, logger: logger)) }
        let group = ServiceGroup(services: services, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body { await group.triggerGracefulShutdown() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

/// A source that remembers what it was asked, and fails when told to.
final class ObservedSource: TaskSource {
    struct State {
        var requests: [LeaseRequest] = []
        var openClaims = 0
        var heartbeats: [LeaseToken: Int] = [:]
        /// Heartbeats that have no answer yet.
        var openHeartbeats = 0
        var reports: [AttemptReport] = []
        var failingClaims = 0
        var failingCompletions = 0
        var answersLost = false
        /// Heartbeats get no answer until this happens.
        var silence: OneShot?
        /// It is elsewhere: a claim is answered when its worker leaves, and cancelling one loses the answer.
        var isDistant = false
        /// It takes note of those who leave, and answers no claim.
        var isDeaf = false
        var leaves = 0

        /// Whether this call shall fail too.
        static func countDown(_ left: inout Int) -> Bool {
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }
    let state = Mutex(State())
    private let left = OneShot()
    private let queue: LocalTaskQueue

    init(_ queue: LocalTaskQueue) { self.queue = queue }

    func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] {
        if state.withLock({ State.countDown(&$0.failingClaims) }) { throw BackendError(.unavailable, "down") }
        state.withLock { state in
            state.requests.append(request)
            state.openClaims += 1
        }
        defer { state.withLock { $0.openClaims -= 1 } }
        if state.withLock({ $0.isDistant }) {
            await left.wait()
            if Task.isCancelled { return [] }
        }
        return try await queue.claim(request)
    }

    func leave(_ worker: String) async throws(BackendError) -> Bool {
        let (isDistant, isDeaf) = state.withLock { state in
            state.leaves += 1
            return (state.isDistant, state.isDeaf)
        }
        if isDistant, !isDeaf { left.fire() }
        return isDistant
    }

    func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        let (answersLost, silence) = state.withLock { state in
            for lease in leases { state.heartbeats[lease.token, default: 0] += 1 }
            state.openHeartbeats += 1
            return (state.answersLost, state.silence)
        }
        defer { state.withLock { $0.openHeartbeats -= 1 } }
        await silence?.wait()
        if silence != nil, Task.isCancelled { throw BackendError(.timeout, "no answer") }
        if answersLost { return leases.map { _ in .lost } }
        return try await queue.heartbeat(leases, by: duration)
    }

    func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        if state.withLock({ State.countDown(&$0.failingCompletions) }) { throw BackendError(.unavailable, "down") }
        state.withLock { $0.reports += reports }
        return try await queue.complete(reports)
    }
}

/// Counts who is inside, and the most there ever were.
final class Turnstile: Sendable {
    private let state = Mutex((inside: 0, most: 0, passed: 0))
    var most: Int { state.withLock { $0.most } }
    var passed: Int { state.withLock { $0.passed } }
    var inside: Int { state.withLock { $0.inside } }

    func enter() {
        state.withLock { state in
            state.inside += 1
            state.passed += 1
            state.most = max(state.most, state.inside)
        }
    }

    func leave() { state.withLock { $0.inside -= 1 } }
}
