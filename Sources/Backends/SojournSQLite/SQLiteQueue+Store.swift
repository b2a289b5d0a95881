#if SQLite
public import SojournCore
public import SojournModel

extension SQLiteQueue {
    /// Accepts tasks; on the disk when it returns.
    ///
    /// - Throws: ``BackendError/Code/rejected`` where a payload is longer than ``Limits/payloadBytes``,
    ///   ``BackendError/Code/throttled`` where there is no room.
    public func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        try tasks.checkPayloads()
        return try await write(weight: tasks.count) { writer, now throws(BackendError) in
            try writer.insert(tasks, room: room, now: now)
        }
    }

    /// The task that each one's idempotency key belongs to.
    public func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] {
        try await read { connection throws(BackendError) in try RecordReader(connection: connection).owners(of: tasks) }
    }

    /// Yes, always: the lease was taken in the same database.
    public func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult] {
        deliveries.map { _ in .run }
    }

    /// Writes attempts and new statuses; on the disk when it returns.
    public func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        try await write(weight: results.count) { writer, now throws(BackendError) in
            try writer.finish(results, now: now)
        }
    }

    /// Nothing: a task and its place in the queue are one row.
    public func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage] { [] }

    /// The deliveries that leases stand for.
    public func deliveries(
        of leases: [(task: TaskID, token: LeaseToken)]
    ) async throws(BackendError) -> [Delivery?] {
        try await committer.submit(.process) { writer throws(BackendError) in writer.deliveries(of: leases) }
    }

    /// One task with its attempts.
    public func task(_ id: TaskID) async throws(BackendError) -> TaskRecord? {
        try await read { connection throws(BackendError) in try RecordReader(connection: connection).task(id) }
    }

    /// A listing, newest first.
    public func tasks(
        matching filter: TaskFilter, limit: Int, cursor: String?
    ) async throws(BackendError) -> TaskPage {
        let limit = min(max(1, limit), Limits.page)
        return try await read { connection throws(BackendError) in
            let reader = RecordReader(connection: connection)
            guard let cursor else { return try reader.tasks(matching: filter, limit: limit, before: reader.end()) }
            guard let start = Int64(cursor), start >= 0 else {
                throw BackendError(.rejected, "cursor must be one that an earlier page gave.")
            }
            return try reader.tasks(matching: filter, limit: limit, before: start)
        }
    }

    /// Stops tasks that wait, and asks for those that run.
    public func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] {
        try await write(weight: ids.count) { writer, now throws(BackendError) in try writer.cancel(ids, now: now) }
    }

    /// Puts dead letters back.
    public func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage] {
        let limit = min(limit, Limits.dutyBatch)
        return try await write(weight: limit) { writer, now throws(BackendError) in
            try writer.replay(matching: filter, limit: limit, now: now)
        }
    }

    /// Deletes dead letters.
    public func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        let limit = min(limit, Limits.dutyBatch)
        return try await write(weight: limit) { writer, _ throws(BackendError) in
            try writer.purge(matching: filter, limit: limit)
        }
    }

    /// Deletes what retention no longer keeps.
    public func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int {
        try await write(weight: limit) { writer, _ throws(BackendError) in try writer.prune(cutoffs, limit: limit) }
    }
}
#endif
