import SojournCore
import SojournModel
import Synchronization

/// A store and a backend over a bench's queue, where the backend has missed some messages.
final class ForgetfulHalves: TaskStore, QueueBackend {
    private struct State {
        var missed: [TaskID] = []
        var published: Set<TaskID> = []
    }
    private let state = Mutex(State())
    private let bench: Bench
    private var store: any TaskStore { bench.queue.store }
    private var backend: any QueueBackend { bench.queue.backend }

    init(_ bench: Bench) { self.bench = bench }

    var missed: [TaskID] {
        get { state.withLock { $0.missed } }
        set { state.withLock { $0.missed = newValue } }
    }
    var published: Set<TaskID> { state.withLock { $0.published } }
    var capabilities: BackendCapabilities { BackendCapabilities(name: "forgetful", sharesStoreTransaction: false) }

    func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage] {
        var messages: [TaskMessage] = []
        for id in missed.prefix(limit) {
            if let record = try await store.task(id) { messages.append(record.message) }
        }
        return messages
    }

    func publish(_ messages: [TaskMessage]) async throws(BackendError) {
        state.withLock { state in
            state.published.formUnion(messages.map(\.id))
            state.missed.removeAll { state.published.contains($0) }
        }
    }

    func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        try await store.insert(tasks, room: room)
    }
    func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] { try await store.owners(of: tasks) }
    func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult] {
        try await store.begin(deliveries)
    }
    func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        try await store.finish(results)
    }
    func deliveries(of leases: [(task: TaskID, token: LeaseToken)]) async throws(BackendError) -> [Delivery?] {
        try await store.deliveries(of: leases)
    }
    func task(_ id: TaskID) async throws(BackendError) -> TaskRecord? { try await store.task(id) }
    func tasks(matching filter: TaskFilter, limit: Int, cursor: String?) async throws(BackendError) -> TaskPage {
        try await store.tasks(matching: filter, limit: limit, cursor: cursor)
    }
    func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] { try await store.cancel(ids) }
    func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage] {
        try await store.replay(matching: filter, limit: limit)
    }
    func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        try await store.purge(matching: filter, limit: limit)
    }
    func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int {
        try await store.prune(cutoffs, limit: limit)
    }
    func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant { try await backend.lease(request) }
    func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await backend.extend(leases, by: duration)
    }
    func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus] {
        try await backend.settle(settlements)
    }
    func promote(limit: Int) async throws(BackendError) -> DutyProgress { try await backend.promote(limit: limit) }
    func expired(limit: Int) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        try await backend.expired(limit: limit)
    }
    func depths() async throws(BackendError) -> [QueueDepth] { try await backend.depths() }
    func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        try await backend.setPaused(queue, isPaused)
    }
    func pausedQueues() async throws(BackendError) -> Set<QueueName> { try await backend.pausedQueues() }
    func run() async throws {}
}
