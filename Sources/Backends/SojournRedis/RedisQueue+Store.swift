#if Redis
public import SojournCore
public import SojournModel

extension RedisQueue: TaskStore {
    /// Accepts tasks; each queue takes all of its tasks or none. Calls that meet are sent together.
    ///
    /// - Throws: ``BackendError/Code/rejected`` where a payload is longer than ``Limits/payloadBytes``.
    public func insert(_ tasks: [NewTask]) async throws(BackendError) -> [InsertResult] {
        try Self.check(tasks)
        return try await inserts.submit(tasks) { tasks async throws(BackendError) in try await accept(tasks) }
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
