/// Where a worker gets tasks and reports back: in its own process, or over HTTP or gRPC.
public protocol TaskSource: Sendable {
    /// Hands out at most `limit` tasks; waits for one if there is none.
    func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery]
    /// Moves the end of leases to `duration` from now.
    func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus]
    /// Reports attempts; durable when it returns.
    func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus]
}

/// Where a producer puts tasks: in its own process, or over HTTP or gRPC.
public protocol TaskSink: Sendable {
    /// Accepts tasks; durable when it returns.
    func enqueue(_ tasks: [NewTask]) async throws(BackendError) -> [InsertResult]
}
