#if SQLite
import SojournCore
import SojournModel

extension Writer {
    /// Accepts tasks in their order.
    mutating func insert(
        _ tasks: [NewTask], room: [QueueName: Int], now: Timestamp
    ) throws(BackendError) -> [InsertResult] {
        for (queue, most) in room {
            let fresh = tasks.count { $0.message.queue == queue && !$0.message.isDelayed }
            if fresh > 0, lanes.queued(in: queue) + fresh > most { throw .noRoom(in: queue) }
        }
        var results: [InsertResult] = []
        results.reserveCapacity(tasks.count)
        for task in tasks { results.append(try insert(task, now: now)) }
        return results
    }

    private mutating func insert(_ task: NewTask, now: Timestamp) throws(BackendError) -> InsertResult {
        let message = task.message
        if let key = task.idempotencyKey, let earlier = try owner(of: key, for: task) { return earlier }
        let lane = try lanes.id(of: message, on: connection)
        let status: TaskStatus = message.isDelayed ? .scheduled : .queued
        bind(task, lane: lane, status: status)
        try statements.insertTask.run()
        guard rowsChanged == 1 else { return .duplicate(of: message.id) }
        if let key = task.idempotencyKey { try remember(key, for: task, now: now) }
        nextSeq += 1
        lanes.move(lane, from: nil, to: status, availableAt: message.availableAt)
        return .inserted(message.id)
    }

    private func bind(_ task: NewTask, lane: Int64, status: TaskStatus) {
        let message = task.message
        let insert = statements.insertTask
        insert.bind(1, nextSeq)
        insert.bind(2, message.id)
        insert.bind(3, lane)
        insert.bind(4, status.code)
        insert.bind(5, message.availableAt)
        insert.bind(6, message.enqueuedAt)
        insert.bind(7, message.maxRetries.map { Int64($0) })
        insert.bind(8, message.retry?.text)
        insert.bind(9, message.timeout?.wholeMicroseconds)
        insert.bind(10, message.deadline?.microseconds)
        insert.bind(11, message.traceparent)
        insert.bind(12, task.tags.isEmpty ? nil : task.tags.joined(separator: " "))
        insert.bind(13, message.payload)
        insert.bind(14, message.promise?.within.wholeMicroseconds)
        insert.bind(15, message.promise?.estimate?.wholeMicroseconds)
    }

    /// What the key's earlier use means for this task; nil where the key is new.
    private func owner(of key: String, for task: NewTask) throws(BackendError) -> InsertResult? {
        let select = statements.selectKey
        defer { select.reset() }
        select.bind(1, task.message.tenant.rawValue)
        select.bind(2, key)
        guard try select.next() else { return nil }
        let id = select.taskID(0)
        let isSame = UInt64(bitPattern: select.int64(1)) == task.fingerprint
        return isSame ? .duplicate(of: id) : .conflict(with: id)
    }

    private func remember(_ key: String, for task: NewTask, now: Timestamp) throws(BackendError) {
        let insert = statements.insertKey
        insert.bind(1, task.message.tenant.rawValue)
        insert.bind(2, key)
        insert.bind(3, task.message.id)
        insert.bind(4, Int64(bitPattern: task.fingerprint))
        insert.bind(5, now)
        try insert.run()
    }
}
#endif
