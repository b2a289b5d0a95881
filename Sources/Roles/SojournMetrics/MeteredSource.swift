public import SojournCore
import SojournModel

/// A source of tasks elsewhere, whose claims and reports are measured where the worker is.
///
/// The verdict on a report is made elsewhere, so what became of the task is not counted here.
public struct MeteredSource: TaskSource {
    private let base: any TaskSource
    private let metrics: TaskMetrics
    private let time: any TimeSource

    /// Measures what goes through `base`.
    public init(_ base: any TaskSource, _ metrics: TaskMetrics, time: any TimeSource = SystemTime()) {
        self.base = base
        self.metrics = metrics
        self.time = time
    }

    /// Hands out tasks.
    public func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] {
        let deliveries = try await base.claim(request)
        if !deliveries.isEmpty { metrics.claimed(deliveries, at: time.now()) }
        return deliveries
    }

    /// Moves the end of leases.
    public func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await base.heartbeat(leases, by: duration)
    }

    /// Reports attempts.
    public func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        let statuses = try await base.complete(reports)
        metrics.reported(reports, statuses)
        return statuses
    }

    /// Lets the claims of a worker return.
    public func leave(_ worker: String) async throws(BackendError) -> Bool { try await base.leave(worker) }
}
