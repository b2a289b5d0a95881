import SojournCore
import SojournModel

/// What is measured of an attempt, of which either the report is known or the verdict as well. Its parts are read one
/// by one, so that none of it is copied.
protocol MeasuredAttempt {
    var queue: QueueName { get }
    var type: TaskType { get }
    var typeAndPriority: TypeAndPriority { get }
    var measuredOutcome: MeasuredOutcome { get }
    var runNanoseconds: Int64 { get }
}

/// How an outcome counts.
enum MeasuredOutcome {
    case succeeded
    case failed
    /// Its lease ran out: it failed, and nobody knows how long it ran.
    case reaped
    /// The attempt did not count.
    case neither
}

extension AttemptReport: MeasuredAttempt {
    var queue: QueueName { delivery.message.queue }
    var type: TaskType { delivery.message.type }
    var typeAndPriority: TypeAndPriority {
        TypeAndPriority(type: delivery.message.type, priority: delivery.message.priority)
    }
    var measuredOutcome: MeasuredOutcome {
        switch outcome {
        case .succeeded: .succeeded
        case .failed, .discarded: .failed
        case .leaseExpired: .reaped
        case .snoozed, .cancelled, .interrupted, .breakerOpen: .neither
        }
    }
    var runNanoseconds: Int64 { finishedAt.nanoseconds(since: startedAt) }
}

extension AttemptResult: MeasuredAttempt {
    var queue: QueueName { report.queue }
    var type: TaskType { report.type }
    var typeAndPriority: TypeAndPriority { report.typeAndPriority }
    var measuredOutcome: MeasuredOutcome { report.measuredOutcome }
    var runNanoseconds: Int64 { report.runNanoseconds }
}
