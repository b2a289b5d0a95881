import SojournCore
import SojournModel

/// What instruments are labelled with.
struct QueueAndPriority: Hashable, Sendable {
    let queue: QueueName
    let priority: Priority

    init(_ message: TaskMessage) {
        queue = message.queue
        priority = message.priority
    }

    var labels: [(String, String)] { [("queue", queue.rawValue), ("priority", priority.name)] }
}

struct QueueAndReason: Hashable, Sendable {
    let queue: QueueName
    let reason: String
    var labels: [(String, String)] { [("queue", queue.rawValue), ("reason", reason)] }
}

struct TypeAndPriority: Hashable, Sendable {
    let type: TaskType
    let priority: Priority
    var labels: [(String, String)] { [("type", type.rawValue), ("priority", priority.name)] }
}

struct QueueAndStatus: Hashable, Sendable {
    let queue: QueueName
    let status: Ending
    var labels: [(String, String)] { [("queue", queue.rawValue), ("status", status.rawValue)] }
}

/// What became of a task when an attempt ended.
enum Ending: String, Sendable {
    case succeeded
    /// Another attempt follows.
    case retried
    case dead
    case cancelled
    /// It waits again, and the attempt did not count: handed back, snoozed, or held by a circuit breaker.
    case returned

    init(_ result: AttemptResult) {
        switch result.verdict.status {
        case .succeeded: self = .succeeded
        case .retrying: self = .retried
        case .dead: self = .dead
        case .cancelled: self = .cancelled
        case .blocked, .scheduled, .queued, .running: self = .returned
        }
    }
}

extension Duration {
    /// In nanoseconds; more than 292 years are cut.
    var wholeNanoseconds: Int64 {
        let (product, overflow) = wholeMicroseconds.multipliedReportingOverflow(by: 1_000)
        return overflow ? (wholeMicroseconds < 0 ? .min : .max) : product
    }
}
