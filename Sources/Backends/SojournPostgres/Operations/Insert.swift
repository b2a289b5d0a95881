#if Postgres
import PQ
public import SojournCore
public import SojournModel

extension PostgresQueue {
    /// Stores tasks in one transaction, and wakes those who wait for them.
    func store(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        let gains = Gains(tasks.lazy.map(\.message).filter { !$0.isDelayed })
        let rows = try await database.run(
            database.sql.insert, InsertColumns(tasks).values(room: room, now: database.now))
        await notices.wake(gains, through: database)
        return try database.read {
            () throws(PQError) in
            // The statement names only those that were not inserted.
            var results = tasks.map { InsertResult.inserted($0.message.id) }
            for row in 0..<rows.rowCount {
                let index = try rows.int(row, 0) - 1
                let id = try rows.taskID(row, 2)
                guard results.indices.contains(index) else { continue }
                results[index] = try rows.int(row, 1) == 1 ? .duplicate(of: id) : .conflict(with: id)
            }
            return results
        }
    }

    /// The task that each one's idempotency key belongs to.
    public func owners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] {
        if tasks.allSatisfy({ $0.idempotencyKey == nil }) { return tasks.map { _ in nil } }
        let rows = try await database.run(
            database.sql.owners,
            [.textArray(tasks.map(\.message.tenant.rawValue)), .textArray(tasks.map(\.idempotencyKey))])
        return try database.read {
            () throws(PQError) in
            var owners: [TaskID?] = []
            for row in 0..<rows.rowCount {
                owners.append(try rows.uuidOrNil(row, 0).map { TaskID(high: $0.high, low: $0.low) })
            }
            return owners
        }
    }
}

/// Tasks as the columns that the insert statement takes.
private struct InsertColumns {
    private let tasks: [NewTask]
    /// The lines of the batch, and for each task which of them it goes to, from 1.
    private var lines: [Line] = []
    private var places: [Int32] = []

    init(_ tasks: [NewTask]) {
        self.tasks = tasks
        var known: [Line: Int32] = [:]
        places.reserveCapacity(tasks.count)
        var last: TaskMessage?
        for task in tasks {
            // Batches are mostly of one line.
            if let last, let place = places.last, last.type == task.message.type, last.lane == task.message.lane {
                places.append(place)
                continue
            }
            last = task.message
            let line = Line(task.message)
            if known[line] == nil {
                lines.append(line)
                known[line] = Int32(lines.count)
            }
            places.append(known[line] ?? 1)
        }
    }

    func values(room: [QueueName: Int], now: PQValue) -> [PQValue] {
        let rooms = room.sorted { $0.key < $1.key }
        return [
            now, .textArray(lines.map(\.lane.queue.rawValue)), .textArray(lines.map(\.lane.tenant.rawValue)),
            .int2Array(lines.map { Int16($0.lane.priority.rawValue) }), .textArray(lines.map(\.type.rawValue)),
            .int4(Int32(Limits.lanes)), .uuidArray(tasks.map(\.message.id.uuid)), .int4Array(places),
            .int8Array(tasks.map(\.message.availableAt.microseconds)),
            .int8Array(tasks.map(\.message.enqueuedAt.microseconds)), .byteaArray(tasks.map(\.message.payload)),
            numbers(.int4Array) { $0.message.maxRetries.map { Int64($0) } }, texts { $0.message.retry?.text },
            numbers { $0.message.timeout?.wholeMicroseconds }, numbers { $0.message.deadline?.microseconds },
            texts { $0.message.traceparent }, texts { $0.tags.isEmpty ? nil : $0.tags.joined(separator: " ") },
            numbers { $0.message.promise?.within.wholeMicroseconds },
            numbers { $0.message.promise?.estimate?.wholeMicroseconds }, texts { $0.idempotencyKey },
            .int8Array(tasks.map { Int64(bitPattern: $0.fingerprint) }),
            rooms.isEmpty ? .null(.textArray) : .textArray(rooms.map(\.key.rawValue)),
            rooms.isEmpty ? .null(.int8Array) : .int8Array(rooms.map { Int64($0.value) }), .bool(false),
        ]
    }

    /// A column of numbers; where no task has one, one NULL stands for all.
    private func numbers(_ type: PQType = .int8Array, _ number: (NewTask) -> Int64?) -> PQValue {
        guard tasks.contains(where: { number($0) != nil }) else { return .null(type) }
        if type == .int4Array { return .int4Array(tasks.map { number($0).map { Int32(clamping: $0) } }) }
        return .int8Array(tasks.map(number))
    }

    private func texts(_ text: (NewTask) -> String?) -> PQValue {
        tasks.contains { text($0) != nil } ? .textArray(tasks.map(text)) : .null(.textArray)
    }
}
#endif
