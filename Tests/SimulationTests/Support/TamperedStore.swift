import SojournCore
import SojournModel

/// A store of which some answers are not its own: the place for a planted bug.
struct TamperedStore: ClaimableStore {
    typealias Base = any ClaimableStore
    let base: any ClaimableStore

    var inserting: @Sendable ([NewTask]) -> [NewTask] = { $0 }
    var finishing: @Sendable ([AttemptResult]) -> [AttemptResult] = { $0 }
    /// Answers instead of the store, where it answers at all.
    var finished: @Sendable ([AttemptResult]) -> [SettlementStatus]? = { _ in nil }
    /// Hears what was settled.
    var settled: @Sendable ([AttemptResult]) -> Void = { _ in }
    var extending: @Sendable ([Lease]) -> [Lease] = { $0 }
    var extended: @Sendable ([LeaseStatus]) -> [LeaseStatus] = { $0 }
    var requesting: @Sendable (LeaseRequest) -> LeaseRequest = { $0 }
    var granted: @Sendable ([Delivery]) -> [Delivery] = { $0 }
    var record: @Sendable (TaskRecord) -> TaskRecord = { $0 }
    var listed: @Sendable ([TaskRecord]) -> [TaskRecord] = { $0 }
    var cancelled: @Sendable ([TaskID]) -> [CancelResult]? = { _ in nil }
    var replayed: @Sendable ([TaskMessage]) -> [NewTask] = { _ in [] }
    /// Where it is set, leases are taken back a second, by this clock, after they were found to have ended.
    var lingers: (any TimeSource)?
    /// Where it is set, claims sleep by this clock instead of waiting to be woken.
    var sleeps: (any TimeSource)?
    var promotes = true
    var reaps = true
    var pauses = true
    var shows = true

    init(_ base: any ClaimableStore) { self.base = base }

    var capabilities: BackendCapabilities { base.capabilities }

    func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        let kept = inserting(tasks)
        let results = try await base.insert(kept, room: room)
        // What was dropped is answered as if it were there.
        if kept.count < tasks.count { return tasks.map { .inserted($0.message.id) } }
        return results
    }

    func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] { try await base.owners(of: tasks) }

    func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult] {
        try await base.begin(deliveries)
    }

    func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        if let answer = finished(results) { return answer }
        if let lingers, results.contains(where: { $0.report.outcome == .leaseExpired }) {
            try? await lingers.sleep(for: .seconds(1))
        }
        let statuses = try await base.finish(finishing(results))
        settled(zip(results, statuses).filter { $0.1 == .settled }.map(\.0))
        return statuses
    }

    func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage] {
        try await base.unpublished(limit: limit)
    }

    func deliveries(of leases: [(task: TaskID, token: LeaseToken)]) async throws(BackendError) -> [Delivery?] {
        try await base.deliveries(of: leases)
    }

    func task(_ id: TaskID) async throws(BackendError) -> TaskRecord? { try await base.task(id).map(record) }

    func tasks(matching filter: TaskFilter, limit: Int, cursor: String?) async throws(BackendError) -> TaskPage {
        var page = try await base.tasks(matching: filter, limit: limit, cursor: cursor)
        page.tasks = listed(page.tasks)
        return page
    }

    func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] {
        if let answer = cancelled(ids) { return answer }
        return try await base.cancel(ids)
    }

    func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage] {
        let messages = try await base.replay(matching: filter, limit: limit)
        let copies = replayed(messages)
        if !copies.isEmpty { _ = try await base.insert(copies) }
        return messages
    }

    func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        try await base.purge(matching: filter, limit: limit)
    }

    func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int {
        try await base.prune(cutoffs, limit: limit)
    }
}

extension TamperedStore {
    func publish(_ messages: [TaskMessage]) async throws(BackendError) { try await base.publish(messages) }

    func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        var request = requesting(request)
        let wait = request.wait
        if sleeps != nil { request.wait = .zero }
        var grant = try await base.lease(request)
        if let sleeps, grant.isEmpty {
            try? await sleeps.sleep(for: wait)
            grant = try await base.lease(request)
        }
        grant.deliveries = granted(grant.deliveries)
        return grant
    }

    func claim(_ hints: [Hint], for request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        var grant = try await base.claim(hints, for: requesting(request))
        grant.deliveries = granted(grant.deliveries)
        return grant
    }

    func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        extended(try await base.extend(extending(leases), by: duration))
    }

    func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus] {
        try await base.settle(settlements)
    }

    func promote(limit: Int) async throws(BackendError) -> DutyProgress {
        promotes ? try await base.promote(limit: limit) : DutyProgress(nextDue: nil)
    }

    func promoteHinting(limit: Int) async throws(BackendError) -> (progress: DutyProgress, hints: [Hint]) {
        promotes ? try await base.promoteHinting(limit: limit) : (DutyProgress(nextDue: nil), [])
    }

    func expired(limit: Int) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        reaps ? try await base.expired(limit: limit) : ([], nil)
    }

    func depths() async throws(BackendError) -> [QueueDepth] { try await base.depths() }

    func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        if pauses { try await base.setPaused(queue, isPaused) }
    }

    func pausedQueues() async throws(BackendError) -> Set<QueueName> { try await base.pausedQueues() }

    func waitingLines() async throws(BackendError) -> [HintLine] { try await base.waitingLines() }

    func waiting(_ looks: [WaitingLook]) async throws(BackendError) -> [WaitingPage] {
        shows ? try await base.waiting(looks) : looks.map { _ in WaitingPage() }
    }

    func run() async throws { try await base.run() }
}
