import SojournCore
import SojournModel
import Synchronization

/// What was called, in order.
final class CallLog: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// The durable half of a queue: writes down its calls and answers as it was told.
struct ScriptedStore: TaskStore {
    let log: CallLog
    var inserted: @Sendable (NewTask) -> InsertResult = { .inserted($0.message.id) }
    var begun: @Sendable (Delivery) -> BeginResult = { _ in .run }
    var finished: @Sendable (AttemptResult) -> SettlementStatus = { _ in .settled }
    var replayed: [TaskMessage] = []
    var isDown = false

    private func call(_ line: String) throws(BackendError) {
        if isDown { throw BackendError(.unavailable, "The store is down.") }
        log.add("store.\(line)")
    }

    func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        try call("insert \(tasks.count)")
        return tasks.map(inserted)
    }
    func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] { tasks.map { _ in nil } }
    func begin(_ deliveries: [Delivery]) async throws(BackendError) -> [BeginResult] {
        try call("begin \(deliveries.count)")
        return deliveries.map(begun)
    }
    func finish(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        try call("finish " + results.map(\.verdict.status.rawValue).joined(separator: ","))
        return results.map(finished)
    }
    func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage] {
        try call("replay \(limit)")
        return replayed
    }
    func unpublished(limit: Int) async throws(BackendError) -> [TaskMessage] { [] }
    func deliveries(of leases: [(task: TaskID, token: LeaseToken)]) async throws(BackendError) -> [Delivery?] { [] }
    func task(_ id: TaskID) async throws(BackendError) -> TaskRecord? { nil }
    func tasks(matching filter: TaskFilter, limit: Int, cursor: String?) async throws(BackendError) -> TaskPage {
        TaskPage(tasks: [])
    }
    func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] { [] }
    func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int { 0 }
    func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int { 0 }
}

/// The moving half of a queue, another object than the store.
struct ScriptedBackend: QueueBackend {
    let log: CallLog
    var leased: [Delivery] = []
    var isDown = false

    var capabilities: BackendCapabilities {
        BackendCapabilities(name: "scripted", sharesStoreTransaction: false)
    }

    private func call(_ line: String) throws(BackendError) {
        if isDown { throw BackendError(.unavailable, "The backend is down.") }
        log.add("backend.\(line)")
    }

    func publish(_ messages: [TaskMessage]) async throws(BackendError) { try call("publish \(messages.count)") }
    func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        try call("lease \(request.limit)")
        return LeaseGrant(deliveries: leased)
    }
    func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try call("extend \(leases.count)")
        return leases.map { _ in .lost }
    }
    func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus] {
        try call("settle " + settlements.map { Self.word($0.disposition) }.joined(separator: ","))
        return settlements.map { _ in .settled }
    }
    func promote(limit: Int) async throws(BackendError) -> DutyProgress { DutyProgress(nextDue: nil) }
    func expired(limit: Int) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        ([], nil)
    }
    func depths() async throws(BackendError) -> [QueueDepth] { [] }
    func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {}
    func pausedQueues() async throws(BackendError) -> Set<QueueName> { [] }
    func run() async throws {}

    private static func word(_ disposition: Disposition) -> String {
        switch disposition {
        case .acknowledge: "acknowledge"
        case .release: "release"
        case .deadLetter(let reason): "dead-letter:\(reason.rawValue)"
        }
    }
}

/// Plain things to call them with.
enum Sample {
    static func message(
        _ type: TaskType = "sample", at now: Timestamp = Timestamp(microseconds: 0), payload: [UInt8] = []
    ) -> TaskMessage {
        var random = SystemRandomNumberGenerator()
        return TaskMessage(
            id: TaskID(at: now, random: &random), type: type, payload: payload, enqueuedAt: now, availableAt: now)
    }

    static func delivery(_ message: TaskMessage = message()) -> Delivery {
        var random = SystemRandomNumberGenerator()
        let lease = Lease(
            task: message.id, token: LeaseToken(random: &random),
            expiresAt: message.availableAt.advanced(by: .seconds(30)))
        return Delivery(message: message, lease: lease)
    }
}
