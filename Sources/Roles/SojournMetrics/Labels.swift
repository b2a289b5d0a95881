import SojournCore
import SojournModel

/// What instruments are labelled with.
struct QueueAndPriority: Hashable, Sendable {
    let queue: QueueName
    let priority: Priority

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

    init(_ status: TaskStatus) {
        switch status {
        case .succeeded: self = .succeeded
        case .retrying: self = .retried
        case .dead: self = .dead
        case .cancelled: self = .cancelled
        case .blocked, .scheduled, .queued, .running: self = .returned
        }
    }
}

extension Timestamp {
    /// Nanoseconds since `start`: 0 where it lies ahead, and at most 292 years. Without a `Duration`, which
    /// multiplies and divides 128 bits.
    func nanoseconds(since start: Timestamp) -> Int64 {
        let (span, isFar) = microseconds.subtractingReportingOverflow(start.microseconds)
        if self <= start { return 0 }
        let (product, overflow) = span.multipliedReportingOverflow(by: 1_000)
        return isFar || overflow ? .max : product
    }
}
