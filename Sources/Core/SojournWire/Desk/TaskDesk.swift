public import SojournCore
public import SojournModel

/// Answers what people and programs ask of a queue, with the bodies of the wire: for every surface, and for commands
/// that need no server.
public struct TaskDesk: Sendable {
    /// The queue that is asked about.
    public let queue: LocalTaskQueue
    private let promises: [QueueName: QueuePromise]
    private let insight: @Sendable (QueueName) -> QueueInsight?

    /// A desk for `queue`.
    ///
    /// - Parameters:
    ///   - promises: What queues promise.
    ///   - insight: What the control plane knows about a queue, where there is one.
    public init(
        queue: LocalTaskQueue, promises: [QueueName: QueuePromise] = [:],
        insight: @escaping @Sendable (QueueName) -> QueueInsight? = { _ in nil }
    ) {
        self.queue = queue
        self.promises = promises
        self.insight = insight
    }

    // MARK: Tasks

    /// The answer to who enqueued `task`, which was admitted, and got that result.
    public func answer(to task: NewTask, _ result: InsertResult) async throws(BackendError) -> EnqueueAnswer {
        let message = task.message
        var answer = EnqueueAnswer(
            taskID: message.id, status: .queued, queue: message.queue, priority: message.priority)
        switch result {
        case .inserted(let id):
            let delay = message.availableAt.duration(since: message.enqueuedAt)
            answer.taskID = id
            if delay > .zero { answer.status = .scheduled }
            answer.estimatedStart = message.promise?.estimate.map { $0 + delay }
        case .duplicate(let id):
            answer.taskID = id
            answer.isDuplicate = true
            answer.status = try await queue.store.task(id)?.status ?? .queued
        case .conflict(let id):
            answer.taskID = id
            answer.status = nil
        }
        return answer
    }

    /// One task with its attempts; nil where there is none.
    public func task(_ id: TaskID) async throws(BackendError) -> TaskView? {
        try await queue.store.task(id).map { view($0, now: queue.time.now()) }
    }

    /// A page of tasks, newest first, without payloads and attempts.
    public func tasks(
        matching filter: TaskFilter, limit: Int, cursor: String?
    ) async throws(BackendError) -> TaskPageView {
        let page = try await queue.store.tasks(matching: filter, limit: limit, cursor: cursor)
        let now = queue.time.now()
        return TaskPageView(tasks: page.tasks.map { view($0, now: now, isWhole: false) }, cursor: page.cursor)
    }

    /// Cancels a task, or asks its handler to stop. One that was cancelled before is cancelled still.
    public func cancel(_ id: TaskID) async throws(BackendError) -> CancelResult {
        switch try await queue.cancel([id]).first {
        case .final(.cancelled): .cancelled(waiting: nil)
        case let result?: result
        case nil: .unknown
        }
    }

    /// A record as it is shown, with its queue's promise.
    private func view(_ record: TaskRecord, now: Timestamp, isWhole: Bool = true) -> TaskView {
        let sla = SLAView(of: record, queueLimit: promises[record.message.queue]?.limit, now: now)
        return TaskView(record, sla: sla, isWhole: isWhole)
    }
}

// MARK: Queues

extension TaskDesk {
    /// Every queue that has tasks or a promise, or is paused; by name.
    public func queues() async throws(BackendError) -> [QueueView] {
        let paused = try await queue.backend.pausedQueues()
        let depths = Dictionary(grouping: try await queue.backend.depths(), by: \.queue)
        let now = queue.time.now()
        return Set(depths.keys).union(paused).union(promises.keys).sorted().map { name in
            view(of: name, isPaused: paused.contains(name), depths[name] ?? [], now: now)
        }
    }

    /// One queue; nil where there is none.
    public func queue(_ name: QueueName) async throws(BackendError) -> QueueView? {
        try await queues().first { $0.name == name }
    }

    /// Stops or resumes handing out the tasks of a queue.
    public func setPaused(_ name: QueueName, _ isPaused: Bool) async throws(BackendError) -> QueueView {
        try await queue.setPaused(name, isPaused)
        return try await queue(name) ?? QueueView(name: name, isPaused: isPaused, depth: [:])
    }

    private func view(of name: QueueName, isPaused: Bool, _ depths: [QueueDepth], now: Timestamp) -> QueueView {
        let oldest = depths.compactMap(\.oldestAvailableAt).min()
        var view = QueueView(
            name: name, isPaused: isPaused,
            depth: Dictionary(depths.map { ($0.priority, $0.counts) }, uniquingKeysWith: { first, _ in first }),
            oldestWait: oldest.map { max(.zero, now.duration(since: $0)) }, promise: promises[name],
            insight: insight(name) ?? QueueInsight())
        view.insight.maxDepth = view.insight.maxDepth ?? view.promise?.maxDepth
        return view
    }
}

// MARK: Dead letters

extension TaskDesk {
    /// A page of dead letters with their attempts, newest first.
    public func deadLetters(
        matching filter: TaskFilter, limit: Int, cursor: String?
    ) async throws(BackendError) -> TaskPageView {
        var filter = filter
        filter.status = .dead
        let page = try await queue.store.tasks(matching: filter, limit: limit, cursor: cursor)
        var tasks: [TaskView] = []
        let now = queue.time.now()
        for summary in page.tasks {
            // A listing has no attempts; of a dead letter they are what people want to see.
            let record = try await queue.store.task(summary.message.id) ?? summary
            tasks.append(view(record, now: now, isWhole: false))
        }
        return TaskPageView(tasks: tasks, cursor: page.cursor)
    }

    /// Puts dead letters back, oldest first: the next step of `plan`.
    ///
    /// - Throws: ``BackendError``, or `CancellationError` during the pause before the step.
    public func replayNext(_ plan: inout ReplayPlan) async throws {
        let (count, pause) = plan.next(at: queue.time.now())
        if pause > .zero { try await queue.time.sleep(for: pause) }
        plan.replayed(try await queue.replay(matching: plan.filter, limit: count))
    }

    /// Deletes dead letters, oldest first; how many.
    public func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        var deleted = 0
        while deleted < limit {
            let asked = min(ReplayPlan.step, limit - deleted)
            let count = try await queue.store.purge(matching: filter, limit: asked)
            deleted += count
            if count < asked { break }
        }
        return deleted
    }
}
