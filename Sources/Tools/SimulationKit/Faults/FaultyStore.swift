import SojournCore
import SojournModel

/// The store as one process sees it: through its gate.
///
/// A batch that is torn breaks only where the seam lets it: inserts are all or none.
struct FaultyStore: ClaimableStore {
    let base: any ClaimableStore
    let gate: Gate

    var capabilities: BackendCapabilities { base.capabilities }

    func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        try await gate.pass("insert") { () throws(BackendError) in try await base.insert(tasks, room: room) }
    }

    func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] {
        try await gate.pass("owners") { () throws(BackendError) in try await base.owners(of: tasks) }
    }

    func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult] {
        try await gate.pass("begin") { () throws(BackendError) in try await base.begin(deliveries) }
    }

    func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        try await gate.pass(
            "finish", count: results.count,
            tear: { count throws(BackendError) in _ = try await base.finish(Array(results.prefix(count))) },
            { () throws(BackendError) in try await base.finish(results) })
    }

    func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage] {
        try await gate.pass("unpublished") { () throws(BackendError) in try await base.unpublished(limit: limit) }
    }

    func deliveries(of leases: [(task: TaskID, token: LeaseToken)]) async throws(BackendError) -> [Delivery?] {
        try await gate.pass("deliveries") { () throws(BackendError) in try await base.deliveries(of: leases) }
    }

    func task(_ id: TaskID) async throws(BackendError) -> TaskRecord? {
        try await gate.pass("task") { () throws(BackendError) in try await base.task(id) }
    }

    func tasks(matching filter: TaskFilter, limit: Int, cursor: String?) async throws(BackendError) -> TaskPage {
        try await gate.pass("tasks") { () throws(BackendError) in
            try await base.tasks(matching: filter, limit: limit, cursor: cursor)
        }
    }

    func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] {
        try await gate.pass(
            "cancel", count: ids.count,
            tear: { count throws(BackendError) in _ = try await base.cancel(Array(ids.prefix(count))) },
            { () throws(BackendError) in try await base.cancel(ids) })
    }

    func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage] {
        try await gate.pass(
            "replay", count: limit,
            tear: { count throws(BackendError) in _ = try await base.replay(matching: filter, limit: count) },
            { () throws(BackendError) in try await base.replay(matching: filter, limit: limit) })
    }

    func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        try await gate.pass("purge") { () throws(BackendError) in
            try await base.purge(matching: filter, limit: limit)
        }
    }

    func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int {
        try await gate.pass("prune") { () throws(BackendError) in try await base.prune(cutoffs, limit: limit) }
    }
}

extension FaultyStore {
    func publish(_ messages: [TaskMessage]) async throws(BackendError) {
        try await gate.pass("publish") { () throws(BackendError) in try await base.publish(messages) }
    }

    func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        try await gate.pass("lease") { () throws(BackendError) in try await base.lease(request) }
    }

    func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await gate.pass(
            "extend", count: leases.count,
            tear: { count throws(BackendError) in _ = try await base.extend(Array(leases.prefix(count)), by: duration)
            },
            { () throws(BackendError) in try await base.extend(leases, by: duration) })
    }

    func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus] {
        try await gate.pass("settle") { () throws(BackendError) in try await base.settle(settlements) }
    }

    func promote(limit: Int) async throws(BackendError) -> DutyProgress {
        try await gate.pass(
            "promote", count: limit,
            tear: { count throws(BackendError) in _ = try await base.promote(limit: count) },
            { () throws(BackendError) in try await base.promote(limit: limit) })
    }

    func expired(limit: Int) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        try await gate.pass("expired") { () throws(BackendError) in try await base.expired(limit: limit) }
    }

    func depths() async throws(BackendError) -> [QueueDepth] {
        try await gate.pass("depths") { () throws(BackendError) in try await base.depths() }
    }

    func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        try await gate.pass("pause") { () throws(BackendError) in try await base.setPaused(queue, isPaused) }
    }

    func pausedQueues() async throws(BackendError) -> Set<QueueName> {
        try await gate.pass("paused") { () throws(BackendError) in try await base.pausedQueues() }
    }

    func run() async throws { try await base.run() }
}

extension FaultyStore {
    func claim(_ hints: [Hint], for request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        try await gate.pass(
            "claim", count: hints.count,
            tear: { count throws(BackendError) in _ = try await base.claim(Array(hints.prefix(count)), for: request) },
            { () throws(BackendError) in try await base.claim(hints, for: request) })
    }

    func promoteHinting(limit: Int) async throws(BackendError) -> (progress: DutyProgress, hints: [Hint]) {
        try await gate.pass("promote") { () throws(BackendError) in try await base.promoteHinting(limit: limit) }
    }

    func waitingLines() async throws(BackendError) -> [HintLine] {
        try await gate.pass("lines") { () throws(BackendError) in try await base.waitingLines() }
    }

    func waiting(_ looks: [WaitingLook]) async throws(BackendError) -> [WaitingPage] {
        try await gate.pass("waiting") { () throws(BackendError) in try await base.waiting(looks) }
    }
}
