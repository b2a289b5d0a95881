#if HTTP
import SojournCore
import SojournModel
import Synchronization

/// Counts the tasks that came in through this server.
final class EnqueueCounters: Sendable {
    struct Key: Hashable, Comparable {
        var queue: QueueName
        var priority: Priority

        static func < (lhs: Self, rhs: Self) -> Bool { (lhs.queue, lhs.priority) < (rhs.queue, rhs.priority) }
    }

    /// Queues beyond so many are counted together, because every label value costs the monitoring memory for good.
    private static let queues = 1_000
    private static let others: QueueName = "other"
    private let counts = Mutex<[Key: Int]>([:])

    /// Counts those that were new.
    func count(_ tasks: [NewTask], _ results: [InsertResult]) {
        counts.withLock { counts in
            for (task, result) in zip(tasks, results) {
                guard case .inserted = result else { continue }
                var key = Key(queue: task.message.queue, priority: task.message.priority)
                if counts[key] == nil, counts.count >= Self.queues { key.queue = Self.others }
                counts[key, default: 0] &+= 1
            }
        }
    }

    /// The counts so far.
    var all: [Key: Int] { counts.withLock { $0 } }
}
#endif
