import SojournCore
import SojournModel

/// What one task should be, kept the simplest way there is.
struct ReferenceTask {
    var message: TaskMessage
    var status: TaskStatus
    var lease: Lease?
    /// What was reported last, while a repetition must still be answered as the first time.
    var lastReport: AttemptReport?
    /// Outcomes of the attempts on record.
    var outcomes: [String] = []
}

/// The queue as a dictionary: what every store and backend must agree with, after any sequence of calls.
struct ReferenceModel {
    struct Row: Hashable {
        let queue: QueueName
        let priority: Priority
    }
    var tasks: [TaskID: ReferenceTask] = [:]

    /// Identifiers of the tasks in `status`, in order.
    func ids(in status: TaskStatus) -> [TaskID] {
        tasks.filter { $0.value.status == status }.map(\.key).sorted()
    }

    mutating func insert(_ message: TaskMessage, now: Timestamp) {
        let status: TaskStatus = message.availableAt > now ? .scheduled : .queued
        tasks[message.id] = ReferenceTask(message: message, status: status)
    }

    /// The tasks that `request` may be given.
    func available(for request: LeaseRequest) -> [TaskMessage] {
        tasks.values.filter { $0.status == .queued }.map(\.message).filter {
            (request.queues.isEmpty || request.queues.contains($0.queue)) && request.types?.contains($0.type) ?? true
        }
    }

    mutating func start(_ delivery: Delivery) {
        tasks[delivery.message.id]?.status = .running
        tasks[delivery.message.id]?.message.attempt += 1
        tasks[delivery.message.id]?.lease = delivery.lease
        tasks[delivery.message.id]?.lastReport = nil
    }

    mutating func settle(_ report: AttemptReport, _ verdict: Verdict) {
        let id = report.delivery.message.id
        guard var task = tasks[id] else { return }
        task.lease = nil
        task.lastReport = report
        task.status = verdict.status
        if verdict.countsAttempt || verdict.status.isFinal { task.outcomes.append(report.outcome.name) }
        if !verdict.countsAttempt { task.message.attempt -= 1 }
        if report.outcome == .leaseExpired { task.message.crashes += 1 }
        if case .release(let due) = verdict.disposition { task.message.availableAt = due }
        tasks[id] = task
    }

    /// Makes at most `limit` due tasks available, the earliest first; since when they are.
    mutating func promote(limit: Int, now: Timestamp) -> [Timestamp] {
        let due = tasks.values.filter {
            ($0.status == .scheduled || $0.status == .retrying) && $0.message.availableAt <= now
        }
        let first = due.sorted { $0.message.availableAt < $1.message.availableAt }.prefix(limit)
        for task in first { tasks[task.message.id]?.status = .queued }
        return first.map(\.message.availableAt)
    }

    mutating func replay(_ id: TaskID, now: Timestamp) {
        guard var task = tasks[id] else { return }
        task.status = .queued
        task.message.availableAt = now
        task.message.attemptsBeforeReplay = task.message.attempt
        task.message.crashes = 0
        tasks[id] = task
    }

    /// How many tasks are where.
    var counts: [Row: [TaskStatus: Int]] {
        tasks.values.reduce(into: [:]) { counts, task in
            let row = Row(queue: task.message.queue, priority: task.message.priority)
            counts[row, default: [:]][task.status, default: 0] += 1
        }
    }

    /// Since when the oldest of the waiting tasks waits.
    func oldest(_ row: Row) -> Timestamp? {
        tasks.values.filter {
            $0.status == .queued && $0.message.queue == row.queue && $0.message.priority == row.priority
        }.map(\.message.availableAt).min()
    }
}
