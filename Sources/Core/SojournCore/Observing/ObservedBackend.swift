import SojournModel

/// A backend whose observers are told what it hands out.
struct ObservedBackend: QueueBackend {
    private let base: any QueueBackend
    private let observers: [any TaskObserver]
    private let time: any TimeSource

    init(_ base: any QueueBackend, _ observers: [any TaskObserver], time: any TimeSource) {
        self.base = base
        self.observers = observers
        self.time = time
    }

    var capabilities: BackendCapabilities { base.capabilities }

    func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        let grant = try await base.lease(request)
        if !grant.expired.isEmpty { for observer in observers { observer.expired(grant.expired) } }
        if !grant.deliveries.isEmpty {
            let now = time.now()
            for observer in observers { observer.claimed(grant.deliveries, at: now) }
        }
        return grant
    }

    func publish(_ messages: [TaskMessage]) async throws(BackendError) { try await base.publish(messages) }

    func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await base.extend(leases, by: duration)
    }

    func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus] {
        try await base.settle(settlements)
    }

    func promote(limit: Int) async throws(BackendError) -> DutyProgress { try await base.promote(limit: limit) }

    func expired(limit: Int) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        try await base.expired(limit: limit)
    }

    func oldestExpiry() async throws(BackendError) -> Timestamp? { try await base.oldestExpiry() }

    func depths() async throws(BackendError) -> [QueueDepth] { try await base.depths() }

    func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        try await base.setPaused(queue, isPaused)
    }

    func pausedQueues() async throws(BackendError) -> Set<QueueName> { try await base.pausedQueues() }

    func run() async throws { try await base.run() }
}
