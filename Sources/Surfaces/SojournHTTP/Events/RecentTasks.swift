#if HTTP
import SojournCore
import SojournModel

/// Some of the tasks that ended since the last time, for each queue that somebody watches and for all together.
struct RecentTasks {
    /// What those hear who watch one queue, or all.
    struct Part {
        var tasks: [EndedTask] = []
        var omitted = 0

        mutating func add(_ result: AttemptResult) {
            if tasks.count < RecentTasks.most { tasks.append(EndedTask(result)) } else { omitted += 1 }
        }
    }

    /// Tasks that are told one by one.
    private static let most = 25
    /// nil stands for all queues.
    private var watched: Set<QueueName?> = []
    private var parts: [QueueName?: Part] = [:]

    /// From now on these are watched.
    mutating func watch(_ queues: Set<QueueName?>) {
        watched = queues
        parts = parts.filter { queues.contains($0.key) }
    }

    mutating func add(_ result: AttemptResult) {
        let queue = result.report.delivery.message.queue
        if watched.contains(nil) { parts[nil, default: Part()].add(result) }
        if watched.contains(queue) { parts[queue, default: Part()].add(result) }
    }

    /// What there is, and forgets it.
    mutating func take() -> [QueueName?: Part] {
        defer { parts = [:] }
        return parts
    }
}
#endif
