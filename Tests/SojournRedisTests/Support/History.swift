#if Redis
import SojournCore
import SojournModel
import Synchronization

/// What happened to tasks, as producers and the worker saw it.
final class History: Sendable {
    private struct State {
        var accepted: [TaskID: ContinuousClock.Instant] = [:]
        var refusals: [BackendError] = []
        var runs: [TaskID: Int] = [:]
        var succeeded: Set<TaskID> = []
        var again: Set<TaskID> = []
    }
    private let state = Mutex(State())

    /// When the tasks were accepted.
    var accepted: [TaskID: ContinuousClock.Instant] { state.withLock { $0.accepted } }
    /// What producers were told instead.
    var refusals: [BackendError] { state.withLock { $0.refusals } }
    /// How many tasks succeeded, as far as the worker was told.
    var succeeded: Int { state.withLock { $0.succeeded.count } }
    /// Whether the worker was told that all of these succeeded.
    func haveSucceeded(_ tasks: [NewTask]) -> Bool {
        state.withLock { state in tasks.allSatisfy { state.succeeded.contains($0.message.id) } }
    }
    /// Tasks that were handed out after the worker was told that their success is written.
    var again: Set<TaskID> { state.withLock { $0.again } }
    /// Tasks with how often their handler began.
    var runs: [TaskID: Int] { state.withLock { $0.runs } }

    func accept(_ tasks: [NewTask]) {
        let now = ContinuousClock.now
        state.withLock { state in for task in tasks { state.accepted[task.message.id] = now } }
    }

    func refuse(_ error: BackendError) { state.withLock { $0.refusals.append(error) } }

    /// A handler begins; how often it has for that task.
    func begin(_ id: TaskID) -> Int {
        state.withLock { state in
            state.runs[id, default: 0] += 1
            return state.runs[id, default: 1]
        }
    }

    fileprivate func claim(_ deliveries: [Delivery]) {
        state.withLock { state in
            for delivery in deliveries where state.succeeded.contains(delivery.message.id) {
                state.again.insert(delivery.message.id)
            }
        }
    }

    fileprivate func complete(_ reports: [AttemptReport], _ statuses: [SettlementStatus]) {
        state.withLock { state in
            for (report, status) in zip(reports, statuses) where status == .settled {
                if case .succeeded = report.outcome { state.succeeded.insert(report.delivery.message.id) }
            }
        }
    }
}

/// A source that writes down what it hands out and what is reported back.
struct ObservedQueue: TaskSource {
    let queue: LocalTaskQueue
    let history: History

    func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] {
        let deliveries = try await queue.claim(request)
        history.claim(deliveries)
        return deliveries
    }

    func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await queue.heartbeat(leases, by: duration)
    }

    func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        let statuses = try await queue.complete(reports)
        history.complete(reports, statuses)
        return statuses
    }
}
#endif
