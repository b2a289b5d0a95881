import SojournCore
import SojournModel

/// Reports success as soon as a task is handed out.
struct EagerSource: TaskSource {
    let base: any TaskSource

    func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] {
        let deliveries = try await base.claim(request)
        let now = request.duration
        let reports = deliveries.map { delivery in
            let start = delivery.lease.expiresAt.advanced(by: .zero - now)
            return AttemptReport(
                delivery: delivery, outcome: .succeeded(), startedAt: start, finishedAt: start, worker: request.worker)
        }
        _ = try await base.complete(reports)
        return deliveries
    }

    func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await base.heartbeat(leases, by: duration)
    }

    func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        try await base.complete(reports)
    }
}

/// Hands every task out twice, where there is room.
struct DoublingSource: TaskSource {
    let base: any TaskSource

    func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] {
        let deliveries = try await base.claim(request)
        return deliveries + deliveries.prefix(request.limit - deliveries.count)
    }

    func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await base.heartbeat(leases, by: duration)
    }

    func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        try await base.complete(reports)
    }
}

/// Says that leases were extended, and does not do it.
struct SilentSource: TaskSource {
    let base: any TaskSource

    func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] { try await base.claim(request) }

    func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        leases.map { .held(until: $0.expiresAt.advanced(by: duration)) }
    }

    func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        try await base.complete(reports)
    }
}
