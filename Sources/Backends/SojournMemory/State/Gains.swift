import SojournModel

/// What a waiting claim cares about: tasks of that type became available in that queue.
struct GainKey: Hashable, Comparable {
    let queue: QueueName
    let type: TaskType

    static func < (lhs: Self, rhs: Self) -> Bool { (lhs.queue, lhs.type) < (rhs.queue, rhs.type) }
}

/// How many tasks became available.
typealias Gains = [GainKey: Int]
