#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel

extension RedisQueue {
    /// Accepts tasks: keys first, then a script for each queue, then the keys are confirmed.
    func accept(_ tasks: [NewTask]) async throws(BackendError) -> [InsertResult] {
        try Self.check(tasks)
        if tasks.isEmpty { return [] }
        var claims = try await reserveKeys(of: tasks)
        let wanted = tasks.indices.filter { claims[$0].mustInsert }
        let named = wanted.map { index in
            var task = tasks[index]
            task.message.id = claims[index].task
            return task
        }
        let answers = try await store(named)
        for (index, answer) in zip(wanted, answers) { claims[index].inserted(answer) }
        try await confirmKeys(claims, of: tasks)
        return claims.map(\.answer)
    }

    private static func check(_ tasks: [NewTask]) throws(BackendError) {
        for task in tasks where task.message.payload.count > Limits.payloadBytes {
            throw BackendError(
                .rejected,
                "payload has \(task.message.payload.count) bytes; at most \(Limits.payloadBytes) are allowed.")
        }
    }

    /// Stores tasks; answer i belongs to task i. Each queue takes all of its tasks or none.
    private func store(_ tasks: [NewTask]) async throws(BackendError) -> [InsertResult] {
        let byQueue = Dictionary(grouping: tasks.indices) { tasks[$0].message.queue }
        try await register(Set(byQueue.keys))
        var batches: [(indexes: ArraySlice<Int>, call: Command)] = []
        var gains = WakeChannel.Gains()
        var names: [Command] = []
        for (queue, indexes) in byQueue {
            guard let entry = directory[queue] else { throw .unreadable("queue \(queue.rawValue)") }
            names.append(Command("HSETNX", key: SharedKeys.queues, queue.rawValue, "\(entry.number)"))
            for start in stride(from: 0, to: indexes.count, by: Scripts.batch) {
                let part = indexes[start..<min(start + Scripts.batch, indexes.count)]
                batches.append((part, Self.insertion(of: part.map { tasks[$0] }, into: entry.keys)))
            }
        }
        for task in tasks where !task.message.isDelayed { gains.add(task.message) }
        let values = try await server.send(names + batches.map(\.call) + wakes.announcements(gains))
        var results = tasks.map { InsertResult.duplicate(of: $0.message.id) }
        for (batch, value) in zip(batches, values.dropFirst(names.count)) {
            guard let answers = value.bytes?.readableBytesView, answers.count == batch.indexes.count else {
                throw .unreadable("an insert")
            }
            for (index, answer) in zip(batch.indexes, answers) {
                let id = tasks[index].message.id
                if answer == UInt8(ascii: "i") { results[index] = .inserted(id) }
                if answer == UInt8(ascii: "c") { results[index] = .conflict(with: id) }
            }
        }
        wakes.wake(gains)
        return results
    }

    private static func insertion(of tasks: [NewTask], into keys: QueueKeys) -> Command {
        var slots: [Line: Int] = [:]
        var names = [keys.bodies, keys.log, keys.base, keys.counts, keys.lines, keys.due]
        var words: [(id: TaskID, body: ByteBuffer, score: Int, slot: Int)] = []
        words.reserveCapacity(tasks.count)
        var bytes = 0
        for task in tasks {
            let body = TaskBody(task)
            var slot = 6
            if !task.message.isDelayed {
                if slots[body.line] == nil {
                    names.append(keys.line(body.line))
                    slots[body.line] = names.count
                }
                slot = slots[body.line] ?? 6
            }
            let encoded = body.encoded
            bytes += encoded.readableBytes + 72
            words.append((task.message.id, encoded, Int(task.message.availableAt.microseconds), slot))
        }
        var call = Scripts.insert.call(keys: names, capacity: bytes)
        for word in words {
            call.append(word.id.bytes)
            call.append(word.body)
            call.append(word.score)
            call.append(word.slot)
        }
        return call
    }
}
#endif
