public import SojournModel

extension HintedQueue {
    /// Accepts tasks; durable when it returns.
    public func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        try await store.insert(tasks, room: room)
    }

    /// The task that each one's idempotency key belongs to.
    public func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] {
        try await store.owners(of: tasks)
    }

    /// Says of each delivery whether it shall run.
    public func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult] {
        try await store.begin(deliveries)
    }

    /// Writes attempts and new statuses, and hints what waits again.
    public func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        let statuses = try await store.finish(results)
        var released: [Hint] = []
        for (result, status) in zip(results, statuses) where status == .settled && result.verdict.status == .queued {
            var hint = Hint(result.report.delivery.message)
            hint.availableAt = result.verdict.availableAt ?? hint.availableAt
            released.append(hint)
        }
        await hint(released)
        return statuses
    }

    /// The deliveries that leases stand for.
    public func deliveries(
        of leases: [(task: TaskID, token: LeaseToken)]
    ) async throws(BackendError) -> [Delivery?] {
        try await store.deliveries(of: leases)
    }

    /// One task with its attempts.
    public func task(_ id: TaskID) async throws(BackendError) -> TaskRecord? { try await store.task(id) }

    /// A listing, newest first.
    public func tasks(
        matching filter: TaskFilter, limit: Int, cursor: String?
    ) async throws(BackendError) -> TaskPage {
        try await store.tasks(matching: filter, limit: limit, cursor: cursor)
    }

    /// Stops tasks that wait, and asks for those that run. Their hints are left to go stale.
    public func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] { try await store.cancel(ids) }

    /// Puts dead letters back; publish the messages.
    public func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage] {
        try await store.replay(matching: filter, limit: limit)
    }

    /// Deletes dead letters.
    public func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        try await store.purge(matching: filter, limit: limit)
    }

    /// Deletes what retention no longer keeps.
    public func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int {
        try await store.prune(cutoffs, limit: limit)
    }
}
