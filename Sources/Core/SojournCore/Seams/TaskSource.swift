/// Where a worker gets tasks and reports back: in its own process, or over HTTP or gRPC.
public protocol TaskSource: Sendable {
    /// Hands out at most `limit` tasks; waits for one if there is none.
    func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery]
    /// Moves the end of leases to `duration` from now.
    func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus]
    /// Reports attempts; durable when it returns.
    func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus]
    /// A worker claims no more. Lets those of its claims that wait return at once, with what they have got. False where
    /// cancelling them does the same: where nothing is on its way that cancellation would lose.
    func leave(_ worker: String) async throws(BackendError) -> Bool
}

extension TaskSource {
    /// False: a source in the same process loses nothing when a claim is cancelled.
    public func leave(_ worker: String) async throws(BackendError) -> Bool { false }
}

/// Where a producer puts tasks: in its own process, or over HTTP or gRPC.
public protocol TaskSink: Sendable {
    /// Accepts tasks; durable when it returns.
    func enqueue(_ tasks: [NewTask]) async throws(BackendError) -> [InsertResult]
}
