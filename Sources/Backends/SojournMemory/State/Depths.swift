import SojournCore
import SojournModel

/// What depths are counted by.
struct DepthKey: Hashable, Comparable {
    let queue: QueueName
    let priority: Priority

    static func < (lhs: Self, rhs: Self) -> Bool { (lhs.queue, lhs.priority) < (rhs.queue, rhs.priority) }
}

/// How many tasks are where, counted as they move.
struct Depths {
    private var counts: [DepthKey: [TaskStatus: Int]] = [:]

    mutating func add(_ change: Int, to record: TaskRecord) {
        let key = DepthKey(queue: record.message.queue, priority: record.message.priority)
        let count = (counts[key]?[record.status] ?? 0) + change
        // Nothing is kept for queues without tasks, or names from outside would fill the memory.
        counts[key, default: [:]][record.status] = count == 0 ? nil : count
        if counts[key]?.isEmpty == true { counts[key] = nil }
    }

    /// How many tasks wait in a queue.
    func queued(in queue: QueueName) -> Int {
        Priority.allCases.reduce(0) { $0 + (counts[DepthKey(queue: queue, priority: $1)]?[.queued] ?? 0) }
    }

    /// One depth per queue and priority, in order.
    func all(oldest: [DepthKey: Timestamp]) -> [QueueDepth] {
        counts.sorted { $0.key < $1.key }.map { key, counts in
            QueueDepth(queue: key.queue, priority: key.priority, counts: counts, oldestAvailableAt: oldest[key])
        }
    }
}
