import SojournModel

/// Store and backend behind one face.
///
/// Every call is one straight line, and both halves are always called, in the same order. Where the two are one
/// database, one of the halves has nothing to do; this code does not know.
public struct LocalTaskQueue: TaskSource, TaskSink {
    /// The durable truth.
    public let store: any TaskStore
    /// What moves tasks.
    public let backend: any QueueBackend
    /// What holds for tasks that do not say otherwise.
    public let policies: TaskPolicies
    /// The clock.
    public let time: any TimeSource
    /// Rung when a task becomes due later.
    public let dueBell = Bell()
    /// Rung when a lease will end.
    public let expiryBell = Bell()

    /// Joins a store and a backend.
    public init(
        store: any TaskStore, backend: any QueueBackend, policies: TaskPolicies = TaskPolicies(),
        time: any TimeSource = SystemTime()
    ) {
        self.store = store
        self.backend = backend
        self.policies = policies
        self.time = time
    }

    /// Accepts tasks; durable when it returns. A crash before `publish` is the outbox relay's business.
    public func enqueue(_ tasks: [NewTask]) async throws(BackendError) -> [InsertResult] {
        let results = try await store.insert(tasks)
        var fresh: [TaskMessage] = []
        fresh.reserveCapacity(tasks.count)
        for (task, result) in zip(tasks, results) {
            if case .inserted = result { fresh.append(task.message) }
        }
        try await publish(fresh)
        return results
    }

    /// Hands out tasks, leaving out those that the store knows to be over.
    public func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] {
        let deliveries = try await backend.lease(request)
        guard !deliveries.isEmpty else { return [] }
        expiryBell.ring(at: time.now().advanced(by: request.duration))
        let decisions = try await store.begin(deliveries)
        var wanted: [Delivery] = []
        wanted.reserveCapacity(deliveries.count)
        var stale: [Settlement] = []
        for (delivery, decision) in zip(deliveries, decisions) {
            switch decision {
            case .run: wanted.append(delivery)
            case .skip: stale.append(Settlement(lease: delivery.lease, disposition: .acknowledge))
            }
        }
        if !stale.isEmpty { _ = try await backend.settle(stale) }
        return wanted
    }

    /// Moves the end of leases.
    public func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await backend.extend(leases, by: duration)
    }

    /// Judges attempts, writes them down, settles them.
    public func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        guard !reports.isEmpty else { return [] }
        let results = judge(reports)
        let statuses = try await store.finish(results)
        var fenced: [Settlement] = []
        fenced.reserveCapacity(results.count)
        for (result, status) in zip(results, statuses) where status == .settled {
            fenced.append(Settlement(lease: result.report.delivery.lease, disposition: result.verdict.disposition))
            if case .release(let due) = result.verdict.disposition { dueBell.ring(at: due) }
        }
        _ = try await backend.settle(fenced)
        return statuses
    }

    /// Puts dead letters back.
    public func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        let messages = try await store.replay(matching: filter, limit: limit)
        try await publish(messages)
        return messages.count
    }

    /// Tells the backend of tasks that the store holds.
    public func publish(_ messages: [TaskMessage]) async throws(BackendError) {
        guard !messages.isEmpty else { return }
        try await backend.publish(messages)
        let now = time.now()
        if let due = messages.lazy.map(\.availableAt).filter({ $0 > now }).min() { dueBell.ring(at: due) }
    }

    private func judge(_ reports: [AttemptReport]) -> [AttemptResult] {
        let now = time.now()
        var random = SystemRandomNumberGenerator()
        return reports.map { report in
            let facts = policies.facts(of: report.delivery.message)
            let verdict = Verdict.decide(report.outcome, of: facts, now: now, random: &random)
            return AttemptResult(report: report, verdict: verdict)
        }
    }
}
