import SojournCore
import SojournModel

/// One run of a check: the subject, and short words for what checks do with it.
///
/// Whatever ``LocalTaskQueue`` can do is done through it, so that store and backend are called in the order in which
/// the product calls them.
struct Trial: Sendable {
    let subject: ConformanceSubject
    let queue: LocalTaskQueue

    /// Three retries, always ten seconds later.
    static let policies = TaskPolicies(maxRetries: 3, retry: retry)
    static let retry = RetryPolicy(strategy: .fixed, base: .seconds(10), cap: .seconds(10), jitter: .none)

    init(subject: ConformanceSubject) {
        self.subject = subject
        self.queue = LocalTaskQueue(
            store: subject.store, backend: subject.backend, policies: Self.policies, time: subject.time)
    }

    var store: any TaskStore { subject.store }
    var backend: any QueueBackend { subject.backend }
    var now: Timestamp { subject.time.now() }

    /// Moves the clock on.
    func advance(_ duration: Duration) async throws { try await subject.advance(duration) }

    /// Moves the clock on by a little, so that what comes later is seen to be later.
    func tick() async throws { try await advance(.milliseconds(2)) }

    /// A task that is not stored yet.
    func newTask(
        type: TaskType = "check", queue: QueueName = .default, tenant: Tenant = .default,
        priority: Priority = .default, payload: [UInt8] = [1, 2, 3], after delay: Duration = .zero,
        key: String? = nil, tags: [String] = [], maxRetries: Int? = nil, deadline: Duration? = nil,
        promise: StartPromise? = nil
    ) -> NewTask {
        var random = SystemRandomNumberGenerator()
        let now = self.now
        let message = TaskMessage(
            id: TaskID(at: now, random: &random), type: type, queue: queue, tenant: tenant, priority: priority,
            payload: payload, maxRetries: maxRetries, deadline: deadline.map { now.advanced(by: $0) },
            enqueuedAt: now, availableAt: now.advanced(by: delay),
            promise: promise)
        return NewTask(message: message, idempotencyKey: key, tags: tags)
    }

    /// Stores tasks that must all be new.
    @discardableResult
    func enqueue(_ tasks: [NewTask]) async throws -> [TaskID] {
        let ids = tasks.map(\.message.id)
        try expectEqual(try await queue.enqueue(tasks), ids.map { .inserted($0) }, "answers to new tasks")
        return ids
    }

    /// Stores one task that must be new.
    @discardableResult
    func enqueue(_ task: NewTask) async throws -> TaskID { try await enqueue([task])[0] }

    /// Stores a plain task.
    func enqueue() async throws -> TaskID { try await enqueue(newTask()) }

    /// Claims without waiting.
    func claim(
        _ limit: Int, queues: [QueueName] = [], types: Set<TaskType>? = nil, lease: Duration = .seconds(30),
        worker: String = "worker", promises: [QueueName: LeasePromise] = [:]
    ) async throws -> [Delivery] {
        try await queue.claim(
            LeaseRequest(
                queues: queues, types: types, limit: limit, duration: lease, worker: worker, promises: promises))
    }

    /// Claims one task that must be there.
    func claimOne(
        lease: Duration = .seconds(30), worker: String = "worker", file: String = #fileID, line: Int = #line
    ) async throws -> Delivery {
        let claimed = try await claim(1, lease: lease, worker: worker)
        return try require(claimed.first, "a task is waiting and must be handed out", file: file, line: line)
    }

    /// What a worker reports now.
    func report(_ delivery: Delivery, _ outcome: Outcome, worker: String = "worker") -> AttemptReport {
        AttemptReport(delivery: delivery, outcome: outcome, startedAt: now, finishedAt: now, worker: worker)
    }

    /// Reports one attempt.
    func finish(_ delivery: Delivery, _ outcome: Outcome = .succeeded()) async throws -> SettlementStatus {
        try await queue.complete([report(delivery, outcome)])[0]
    }

    /// Reports one attempt whose lease must hold.
    func settle(
        _ delivery: Delivery, _ outcome: Outcome = .succeeded(), file: String = #fileID, line: Int = #line
    ) async throws {
        let answer = try await finish(delivery, outcome)
        try expectEqual(answer, .settled, "answer to \(outcome.name)", file: file, line: line)
    }

    /// What is known about a task that must be there.
    func record(_ id: TaskID, file: String = #fileID, line: Int = #line) async throws -> TaskRecord {
        try require(try await store.task(id), "task \(id) must exist", file: file, line: line)
    }

    /// Fails the check unless the task is in `status`.
    func expect(
        _ id: TaskID, is status: TaskStatus, _ when: String, file: String = #fileID, line: Int = #line
    ) async throws {
        try expectEqual(try await record(id, file: file, line: line).status, status, when, file: file, line: line)
    }

    /// Takes back every lease that has ended, as the reaper does; how many.
    @discardableResult
    func reap(limit: Int = 100) async throws -> Int {
        let deliveries = try await backend.expired(limit: limit).deliveries
        let answers = try await queue.complete(deliveries.map { report($0, .leaseExpired) })
        return answers.count { $0 == .settled }
    }

    /// Makes one dead letter.
    @discardableResult
    func bury(_ task: NewTask, error: String = "broken") async throws -> TaskID {
        let id = try await enqueue(task)
        let message = task.message
        let claimed = try await claim(1, queues: [message.queue], types: [message.type])
        let delivery = try require(claimed.first, "a task is waiting and must be handed out")
        try await settle(delivery, .failed(Failure(error, isRetryable: false)))
        return id
    }
}
