import SojournCore
import SojournModel
import SojournWire

/// What the records of a run's tasks say, added up. Nothing is measured beside them: a report shows what anybody can
/// look up.
struct Survey: Sendable {
    /// Tasks that were found.
    private(set) var found = 0
    /// Those that have not ended.
    private(set) var open = 0
    private(set) var byStatus: [TaskStatus: Int] = [:]
    /// From when a task was to be sent to the start of its first attempt.
    private(set) var waits = Spread()
    private(set) var runs = Spread()
    private(set) var retries = 0
    private(set) var reaped = 0
    private(set) var sleepers = 0
    /// Tasks of several attempts, whose runs stand in their own records.
    private(set) var repeated: [TaskID] = []
    private(set) var firstEnqueued = Timestamp.distantFuture
    private(set) var lastEnded = Timestamp.distantPast
    /// The same without sleepers.
    private(set) var lastDrained = Timestamp.distantPast

    /// Adds a task as a listing shows it, and by how much it was sent late.
    mutating func add(_ record: TaskRecord, late: Duration) {
        found += 1
        byStatus[record.status, default: 0] += 1
        let message = record.message
        firstEnqueued = min(firstEnqueued, message.enqueuedAt)
        if let waited = record.waited { waits.add(waited + late) }
        retries += max(0, message.attempt - 1)
        reaped += message.crashes
        let isSleeper = record.tags.contains(LoadTask.sleepTag)
        if isSleeper { sleepers += 1 }
        guard let end = record.finishedAt else {
            open += 1
            return
        }
        lastEnded = max(lastEnded, end)
        if !isSleeper { lastDrained = max(lastDrained, end) }
        if message.attempt > 1 {
            repeated.append(message.id)
        } else if let start = record.startedAt {
            runs.add(end.duration(since: start))
        }
    }

    /// Adds the runs of a task that had several.
    mutating func add(_ attempts: [AttemptRecord]) {
        for attempt in attempts {
            if let end = attempt.finishedAt { runs.add(end.duration(since: attempt.startedAt)) }
        }
    }
}

extension Survey {
    /// Reads the records of all tasks with the plan's tag.
    static func read(_ plan: LoadPlan, _ target: any LoadTarget, late: [TaskID: Duration]) async throws -> Survey {
        var survey = Survey()
        var cursor: String?
        let filter = TaskFilter(queue: plan.queue, tag: plan.tag)
        repeat {
            let page = try await target.tasks(matching: filter, limit: Limits.page, cursor: cursor)
            for task in page.tasks {
                survey.add(task.record, late: late[task.record.message.id] ?? .zero)
            }
            cursor = page.cursor
        } while cursor != nil
        return survey
    }

    /// Reads the attempts of the tasks that had several.
    mutating func readAttempts(_ target: any LoadTarget) async throws {
        let calls = 16
        for start in stride(from: 0, to: repeated.count, by: calls) {
            let ids = repeated[start..<min(start + calls, repeated.count)]
            let records = try await withThrowingTaskGroup(of: [AttemptRecord].self) { group in
                for id in ids { group.addTask { try await target.task(id)?.record.attempts ?? [] } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for attempts in records { add(attempts) }
        }
    }
}
