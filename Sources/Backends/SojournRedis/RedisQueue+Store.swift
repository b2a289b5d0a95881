#if Redis
public import SojournCore
public import SojournModel

extension RedisQueue: TaskStore {
    /// Accepts tasks; each queue takes all of its tasks or none. Calls that meet are sent together.
    ///
    /// - Throws: ``BackendError/Code/rejected`` where a payload is longer than ``Limits/payloadBytes``,
    ///   ``BackendError/Code/throttled`` where a queue has no room: what other queues took of the call is cancelled.
    public func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        try tasks.checkPayloads()
        let wanted = tasks.map { Insertion(task: $0, room: room[$0.message.queue]) }
        var results = try await inserts.submit(wanted) { wanted async throws(BackendError) in try await accept(wanted) }
        let refused = results.indices.filter { results[$0] == nil }
        if !refused.isEmpty {
            // They may have met others that need more room: by themselves they may fit.
            for (index, result) in zip(refused, try await accept(refused.map { wanted[$0] })) {
                results[index] = result
            }
        }
        guard let full = results.firstIndex(of: nil) else { return results.compactMap { $0 } }
        // What the other queues took of the call is undone, its keys first, so that it can be tried again.
        let taken = zip(tasks, results).compactMap { task, result -> (NewTask, TaskID)? in
            if case .inserted(let id) = result { (task, id) } else { nil }
        }
        try await releaseKeys(of: taken)
        _ = try await cancel(taken.map(\.1))
        throw .noRoom(in: tasks[full].message.queue)
    }

    /// The task that each one's idempotency key belongs to.
    public func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] { try await keyOwners(of: tasks) }

    /// Yes, always: the lease was taken in the same database.
    public func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult] {
        deliveries.map { _ in .run }
    }

    /// Ends attempts, fenced by their leases, and ends the leases.
    public func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        try await end(results)
    }

    /// Nothing: a task that is stored is available.
    public func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage] { [] }

    /// One task with its attempts.
    public func task(_ id: TaskID) async throws(BackendError) -> TaskRecord? { try await find([id])[id]?.record }
}
#endif
