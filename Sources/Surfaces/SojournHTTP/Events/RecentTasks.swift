#if HTTP
import SojournCore
import SojournModel

/// Some of the tasks that ended since the last time, for each queue that somebody watches and for all together.
struct RecentTasks {
    /// What those hear who watch one queue, or all.
    struct Part {
        var tasks: [EndedTask] = []
        var omitted = 0
        /// The places of those that succeeded.
        private var dull: [Int] = []

        /// Those that went well give way: a few failures among thousands are what somebody looks for.
        mutating func add(isDull: Bool, _ task: () -> EndedTask) {
            if tasks.count < RecentTasks.most {
                if isDull { dull.append(tasks.count) }
                tasks.append(task())
            } else {
                omitted += 1
                guard !isDull, let victim = dull.popLast() else { return }
                tasks[victim] = task()
            }
        }
    }

    /// Tasks that are told one by one.
    private static let most = 25
    /// nil while nobody watches all queues.
    private var all: Part?
    /// The queues that are watched by themselves.
    private var byQueue: [QueueName: Part] = [:]

    /// From now on these are watched; nil stands for all.
    mutating func watch(_ queues: Set<QueueName?>) {
        all = queues.contains(nil) ? all ?? Part() : nil
        let known = byQueue
        byQueue = Dictionary(uniqueKeysWithValues: queues.compactMap(\.self).map { ($0, known[$0] ?? Part()) })
    }

    /// Once for every task that ends: so nothing is copied of one that is only counted, and nothing looked up for a
    /// queue that nobody watches by itself.
    mutating func add(isDull: Bool, of queue: @autoclosure () -> QueueName, _ task: @autoclosure () -> EndedTask) {
        all?.add(isDull: isDull, task)
        if !byQueue.isEmpty { byQueue[queue()]?.add(isDull: isDull, task) }
    }

    /// What there is, and forgets it.
    mutating func take() -> [(queue: QueueName?, part: Part)] {
        let taken = [(nil, all ?? Part())] + byQueue.map { ($0 as QueueName?, $1) }
        if all != nil { all = Part() }
        byQueue = byQueue.mapValues { _ in Part() }
        return taken.filter { !$0.1.tasks.isEmpty }
    }
}
#endif
