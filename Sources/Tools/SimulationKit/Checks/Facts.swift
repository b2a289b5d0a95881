import SojournCore
import SojournModel

/// One task that a claim handed out.
struct Grant: Sendable {
    let delivery: Delivery
    let request: LeaseRequest
    let invoked: Moment
    let returned: Moment

    var task: TaskID { delivery.message.id }
    var token: LeaseToken { delivery.lease.token }
    var attempt: Int { delivery.message.attempt }

    /// Whether the store handed this one out first, for sure: the count of a task's attempts never falls below one
    /// that was handed out, and its worker had it before the other claim was made.
    func isOlder(than other: Grant) -> Bool { returned < other.invoked || attempt < other.attempt }
}

/// One report of a batch.
struct Report: Sendable {
    let report: AttemptReport
    let invoked: Moment
    let returned: Moment?
    /// What was answered; nil where nobody knows.
    let status: SettlementStatus?

    var token: LeaseToken { report.delivery.lease.token }
    var isSettled: Bool { status == .settled }
    /// Whether it may have taken effect.
    var isPossible: Bool { status != .leaseLost }
    /// Whether the attempt is not counted.
    var refunds: Bool {
        switch report.outcome {
        case .snoozed, .cancelled, .interrupted, .breakerOpen: true
        case .succeeded, .failed, .discarded, .leaseExpired: false
        }
    }
}

/// One heartbeat of a batch that was answered.
struct Beat: Sendable {
    let lease: Lease
    let invoked: Moment
    let returned: Moment
    let status: LeaseStatus
}

/// One wish to insert a task, as it was asked for.
struct Wish: Sendable {
    let task: NewTask
    let invoked: Moment
    let returned: Moment?
    /// What was answered; nil where nobody knows.
    let result: InsertResult?
    let isFail: Bool
}

/// A history in the order in which the rules ask for it.
struct Facts: Sendable {
    let history: History
    /// In the order in which claims were answered.
    private(set) var grants: [TaskID: [Grant]] = [:]
    private(set) var reports: [TaskID: [Report]] = [:]
    private(set) var beats: [TaskID: [Beat]] = [:]
    private(set) var wishes: [TaskID: [Wish]] = [:]
    /// When somebody first knew for sure that a task is durable.
    private(set) var durable: [TaskID: Moment] = [:]

    init(_ history: History) {
        self.history = history
        for call in history.claims { add(call) }
        for id in grants.keys { grants[id]?.sort { $0.returned < $1.returned } }
        for call in history.reports { add(call) }
        for call in history.heartbeats { add(call) }
        for call in history.inserts { add(call) }
    }

    /// All tasks that anybody spoke of, in order.
    var tasks: [TaskID] { wishes.keys.sorted() }

    func grants(of id: TaskID) -> [Grant] { grants[id] ?? [] }
    func reports(of id: TaskID) -> [Report] { reports[id] ?? [] }
    func reports(of token: LeaseToken, _ id: TaskID) -> [Report] { reports(of: id).filter { $0.token == token } }

    /// Whether a replay may have put the task back between these moments.
    func mayHaveReplayed(_ id: TaskID, after start: Moment, before end: Moment?) -> Bool {
        history.replays.contains { call in
            guard !call.isFail, call.request.ids?.contains(id) ?? true else { return false }
            let beganInTime = end.map { call.invoked < $0 } ?? true
            let endedInTime = call.returned.map { $0 > start } ?? true
            return beganInTime && (endedInTime || call.answer == nil)
        }
    }

    /// The task as it was first asked for.
    func wish(_ id: TaskID) -> NewTask? { wishes[id]?.first?.task }
}

extension Facts {
    private mutating func add(_ call: Call<LeaseRequest, [Delivery]>) {
        guard let deliveries = call.answer, let returned = call.returned else { return }
        for delivery in deliveries {
            let grant = Grant(delivery: delivery, request: call.request, invoked: call.invoked, returned: returned)
            grants[grant.task, default: []].append(grant)
        }
    }

    private mutating func add(_ call: Call<[AttemptReport], [SettlementStatus]>) {
        for (index, report) in call.request.enumerated() {
            let status = call.isFail ? .leaseLost : call.answer.map { $0[index] }
            reports[report.delivery.message.id, default: []].append(
                Report(report: report, invoked: call.invoked, returned: call.returned, status: status))
        }
    }

    private mutating func add(_ call: Call<[Lease], [LeaseStatus]>) {
        guard let statuses = call.answer, let returned = call.returned else { return }
        for (lease, status) in zip(call.request, statuses) {
            beats[lease.task, default: []].append(
                Beat(lease: lease, invoked: call.invoked, returned: returned, status: status))
        }
    }

    private mutating func add(_ call: Call<[NewTask], [InsertResult]>) {
        for (index, task) in call.request.enumerated() {
            let result = call.answer.map { $0[index] }
            wishes[task.message.id, default: []].append(
                Wish(
                    task: task, invoked: call.invoked, returned: call.returned, result: result, isFail: call.isFail))
            guard let returned = call.returned else { continue }
            switch result {
            case .inserted(let id)?, .duplicate(let id)?: durable[id] = min(durable[id] ?? returned, returned)
            case .conflict?, nil: break
            }
        }
    }
}
