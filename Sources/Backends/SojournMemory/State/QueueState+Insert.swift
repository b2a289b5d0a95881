import SojournCore
import SojournModel

extension QueueState {
    /// Accepts tasks, all or none.
    mutating func insert(
        _ tasks: [NewTask], room: [QueueName: Int], now: Timestamp
    ) throws(BackendError) -> [InsertResult] {
        try tasks.checkPayloads()
        for (queue, most) in room {
            let fresh = tasks.count { $0.message.queue == queue && !$0.message.isDelayed }
            if fresh > 0, depths.queued(in: queue) + fresh > most { throw .noRoom(in: queue) }
        }
        return tasks.map { insert($0, now: now) }
    }

    private mutating func insert(_ task: NewTask, now: Timestamp) -> InsertResult {
        let message = task.message
        if let known = owner(of: task) {
            return known.fingerprint == task.fingerprint ? .duplicate(of: known.task) : .conflict(with: known.task)
        }
        if let key = task.idempotencyKey {
            let owner = IdempotencyKeys.Owner(task: message.id, fingerprint: task.fingerprint)
            keys.add(key, tenant: message.tenant, owner: owner, now: now)
        }
        let status: TaskStatus = message.isDelayed ? .scheduled : .queued
        let record = TaskRecord(message: message, status: status, tags: task.tags)
        add(TaskEntry(record: record, fingerprint: task.fingerprint))
        return .inserted(message.id)
    }

    /// The task that this request made before: by its key, or by its identifier where a producer asks again because
    /// the first answer was lost.
    private func owner(of task: NewTask) -> IdempotencyKeys.Owner? {
        if let key = task.idempotencyKey, let owner = keys.owner(of: key, tenant: task.message.tenant) {
            return owner
        }
        return table.slot(of: task.message.id).map {
            IdempotencyKeys.Owner(task: task.message.id, fingerprint: table[$0].fingerprint)
        }
    }
}
