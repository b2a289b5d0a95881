#if HTTP
import SojournCore
import SojournMemory
import SojournModel
import Synchronization

/// A queue in memory that fails when told to, and counts how often its depths are asked for.
final class FaultyQueue: TaskStore, QueueBackend {
    private struct State {
        var error: BackendError?
        var failures = 0
        var failed = 0
        var depthReads = 0
        var grantTime = Duration.zero
    }

    private let state = Mutex(State())
    private let memory: MemoryQueue

    init(time: any TimeSource = SystemTime()) { memory = MemoryQueue(time: time) }

    /// From now on so many calls fail with this error; nil = none does.
    func fail(with error: BackendError?, times: Int = .max) {
        state.withLock {
            $0.error = error
            $0.failures = times
        }
    }

    /// From now on a lease is granted, and the answer comes so much later.
    func delayGrants(by duration: Duration) { state.withLock { $0.grantTime = duration } }

    /// How many calls have failed.
    var failed: Int { state.withLock { $0.failed } }

    var depthReads: Int { state.withLock { $0.depthReads } }

    private func check() throws(BackendError) {
        let error = state.withLock { state -> BackendError? in
            guard state.failures > 0 else { return nil }
            state.failures -= 1
            state.failed += state.error == nil ? 0 : 1
            return state.error
        }
        if let error { throw error }
    }

    // MARK: Store

    func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        try check()
        return try await memory.insert(tasks, room: room)
    }

    func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] { await memory.owners(of: tasks) }

    func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult] { await memory.begin(deliveries) }

    func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        try check()
        return await memory.finish(results)
    }

    func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage] { [] }

    func deliveries(of leases: [(task: TaskID, token: LeaseToken)]) async throws(BackendError) -> [Delivery?] {
        await memory.deliveries(of: leases)
    }

    func task(_ id: TaskID) async throws(BackendError) -> TaskRecord? {
        try check()
        return await memory.task(id)
    }

    func tasks(
        matching filter: TaskFilter, limit: Int, cursor: String?
    ) async throws(BackendError) -> TaskPage {
        try check()
        return try await memory.tasks(matching: filter, limit: limit, cursor: cursor)
    }

    func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] { await memory.cancel(ids) }

    func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage] {
        try check()
        return await memory.replay(matching: filter, limit: limit)
    }

    func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        await memory.purge(matching: filter, limit: limit)
    }

    func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int {
        await memory.prune(cutoffs, limit: limit)
    }

    // MARK: Backend

    var capabilities: BackendCapabilities { memory.capabilities }

    func publish(_ messages: [TaskMessage]) async throws(BackendError) { await memory.publish(messages) }

    func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        try check()
        let grant = await memory.lease(request)
        let grantTime = state.withLock { $0.grantTime }
        // Also where nobody waits any more: what is granted is granted.
        if grantTime > .zero { await Task { try? await Task.sleep(for: grantTime) }.value }
        return grant
    }

    func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try check()
        return await memory.extend(leases, by: duration)
    }

    func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus] {
        await memory.settle(settlements)
    }

    func promote(limit: Int) async throws(BackendError) -> DutyProgress { await memory.promote(limit: limit) }

    func expired(limit: Int) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        await memory.expired(limit: limit)
    }

    func depths() async throws(BackendError) -> [QueueDepth] {
        state.withLock { $0.depthReads += 1 }
        try check()
        return await memory.depths()
    }

    func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        await memory.setPaused(queue, isPaused)
    }

    func pausedQueues() async throws(BackendError) -> Set<QueueName> {
        try check()
        return await memory.pausedQueues()
    }

    func run() async throws {}
}
#endif
