#if Postgres
public import SojournCore
public import SojournModel

extension PostgresQueue: TaskStore {
    /// Accepts tasks, all or none; durable when it returns. Calls that meet are sent together, but for those that must
    /// find room.
    ///
    /// - Throws: ``BackendError/Code/rejected`` where a payload is longer than ``Limits/payloadBytes``,
    ///   ``BackendError/Code/throttled`` where there is no room.
    public func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        if tasks.isEmpty { return [] }
        try tasks.checkPayloads()
        if !room.isEmpty { return try await store(tasks, room: room) }
        do throws(BackendError) {
            return try await inserts.submit(tasks) { tasks async throws(BackendError) in
                try await store(tasks, room: [:])
            }
        } catch {
            // Perhaps because of others that it met. Nothing has changed, so it is safe to try again by itself.
            guard error.code == .rejected else { throw error }
            return try await store(tasks, room: [:])
        }
    }

    /// Yes, always: the lease was taken in the same database.
    public func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult] {
        deliveries.map { _ in .run }
    }

    /// Ends attempts, fenced by their leases, and ends the leases; durable when it returns.
    public func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        try await end(results)
    }

    /// Nothing: a task that is stored is available.
    public func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage] { [] }
}
#endif
