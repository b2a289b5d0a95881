import SojournModel

/// A store whose observers are told what it took and what ended.
struct ObservedStore: TaskStore {
    private let base: any TaskStore
    private let observers: [any TaskObserver]

    init(_ base: any TaskStore, _ observers: [any TaskObserver]) {
        self.base = base
        self.observers = observers
    }

    func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        do throws(BackendError) {
            let results = try await base.insert(tasks, room: room)
            for observer in observers { observer.inserted(tasks, results) }
            return results
        } catch {
            for observer in observers { observer.refused(tasks, error) }
            throw error
        }
    }

    func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        let statuses = try await base.finish(results)
        for observer in observers { observer.ended(results, statuses) }
        return statuses
    }

    func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] { try await base.owners(of: tasks) }

    func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult] {
        try await base.begin(deliveries)
    }

    func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage] {
        try await base.unpublished(limit: limit)
    }

    func deliveries(of leases: [(task: TaskID, token: LeaseToken)]) async throws(BackendError) -> [Delivery?] {
        try await base.deliveries(of: leases)
    }

    func task(_ id: TaskID) async throws(BackendError) -> TaskRecord? { try await base.task(id) }

    func tasks(matching filter: TaskFilter, limit: Int, cursor: String?) async throws(BackendError) -> TaskPage {
        try await base.tasks(matching: filter, limit: limit, cursor: cursor)
    }

    func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] { try await base.cancel(ids) }

    func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage] {
        try await base.replay(matching: filter, limit: limit)
    }

    func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        try await base.purge(matching: filter, limit: limit)
    }

    func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int {
        try await base.prune(cutoffs, limit: limit)
    }
}
