#if Redis
import SojournCore
import SojournModel
import SojournRedis

/// What goes on and on while an application runs, each with a way of its own to Redis, so that one can fail alone.
enum Loop: String, CaseIterable {
    case insert, claim, heartbeat, finish, promote, reap, prune
}

/// Store and backend over one ``RedisQueue`` per ``Loop``.
struct SplitHalves: TaskStore, QueueBackend {
    private let queues: [Loop: RedisQueue]
    /// For all that is no loop.
    private let plain: RedisQueue

    init(_ plain: RedisQueue, _ queues: [Loop: RedisQueue]) { (self.plain, self.queues) = (plain, queues) }

    private subscript(loop: Loop) -> RedisQueue { queues[loop] ?? plain }

    var capabilities: BackendCapabilities { plain.capabilities }

    func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        try await self[.insert].insert(tasks, room: room)
    }

    func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        try await self[.claim].lease(request)
    }

    func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await self[.heartbeat].extend(leases, by: duration)
    }

    func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        try await self[.finish].finish(results)
    }

    func promote(limit: Int) async throws(BackendError) -> DutyProgress {
        try await self[.promote].promote(limit: limit)
    }

    func expired(limit: Int) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        try await self[.reap].expired(limit: limit)
    }

    func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int {
        try await self[.prune].prune(cutoffs, limit: limit)
    }

    /// Listens for those who claim.
    func run() async throws { try await self[.claim].run() }
}

// MARK: What is no loop

extension SplitHalves {
    func publish(_ messages: [TaskMessage]) async throws(BackendError) { try await plain.publish(messages) }

    func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] { try await plain.owners(of: tasks) }

    func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult] {
        try await plain.begin(deliveries)
    }

    func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus] {
        try await plain.settle(settlements)
    }

    func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage] {
        try await plain.unpublished(limit: limit)
    }

    func depths() async throws(BackendError) -> [QueueDepth] { try await plain.depths() }

    func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        try await plain.setPaused(queue, isPaused)
    }

    func pausedQueues() async throws(BackendError) -> Set<QueueName> { try await plain.pausedQueues() }

    func deliveries(
        of leases: [(task: TaskID, token: LeaseToken)]
    ) async throws(BackendError) -> [Delivery?] { try await plain.deliveries(of: leases) }

    func task(_ id: TaskID) async throws(BackendError) -> TaskRecord? { try await plain.task(id) }

    func tasks(matching filter: TaskFilter, limit: Int, cursor: String?) async throws(BackendError) -> TaskPage {
        try await plain.tasks(matching: filter, limit: limit, cursor: cursor)
    }

    func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] { try await plain.cancel(ids) }

    func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage] {
        try await plain.replay(matching: filter, limit: limit)
    }

    func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        try await plain.purge(matching: filter, limit: limit)
    }
}
#endif
