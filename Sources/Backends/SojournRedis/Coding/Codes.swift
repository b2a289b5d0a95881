#if Redis
import SojournCore
import SojournModel

/// The number that stands for a reason; 0 is none.
extension DeadReason {
    var code: UInt8 {
        switch self {
        case .retriesExhausted: 1
        case .notRetryable: 2
        case .discarded: 3
        case .poison: 4
        case .deadline: 5
        }
    }

    init?(code: UInt8) {
        guard let match = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = match
    }
}

/// The number that stands for what settled a task last; 0 is nothing.
extension Outcome {
    var code: UInt8 {
        switch self {
        case .succeeded: 1
        case .failed: 2
        case .snoozed: 3
        case .discarded: 4
        case .cancelled: 5
        case .interrupted: 6
        case .leaseExpired: 7
        case .breakerOpen: 8
        }
    }
}

/// The field of the hash of counts for tasks of one priority in one status.
struct CountField {
    let text: String

    init(_ status: TaskStatus, _ priority: Priority) { text = "\(status.code)\(priority.rawValue)" }
}
#endif
