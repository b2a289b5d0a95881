import SojournModel

/// What a waiting claim cares about: tasks of that type became available in that queue.
struct GainKey: Hashable {
    let queue: QueueName
    let type: TaskType
}

/// How many tasks became available.
typealias Gains = [GainKey: Int]
