#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel

/// A task to be inserted.
struct Insertion: Sendable {
    var task: NewTask
    /// How many tasks may wait in its queue once it is in; nil = any number.
    let room: Int?
}

extension RedisQueue {
    /// Accepts tasks: keys first, then a script for each queue, then the keys are confirmed. Nil where there is no
    /// room; the key of such a task stays with it, so that it can be tried again.
    func accept(_ insertions: [Insertion]) async throws(BackendError) -> [InsertResult?] {
        if insertions.isEmpty { return [] }
        let tasks = insertions.map(\.task)
        if tasks.allSatisfy({ $0.idempotencyKey == nil }) { return try await store(insertions) }
        var claims = try await reserveKeys(of: tasks)
        let wanted = tasks.indices.filter { claims[$0].mustInsert }
        let named = wanted.map { index in
            var insertion = insertions[index]
            insertion.task.message.id = claims[index].task
            return insertion
        }
        var refused: Set<Int> = []
        for (index, answer) in zip(wanted, try await store(named)) {
            if let answer {
                claims[index].inserted(answer)
            } else {
                claims[index].mustInsert = false
                refused.insert(index)
            }
        }
        try await confirmKeys(claims, of: tasks)
        return claims.indices.map { refused.contains($0) ? nil : claims[$0].answer }
    }

    /// Stores tasks; answer i belongs to task i, nil where there is no room. Each queue takes all of its tasks or none.
    private func store(_ insertions: [Insertion]) async throws(BackendError) -> [InsertResult?] {
        var firsts: [Int] = []
        firsts.reserveCapacity(insertions.count)
        var seen: [TaskID: Int] = [:]
        for index in insertions.indices {
            let first = seen[insertions[index].task.message.id, default: index]
            seen[insertions[index].task.message.id] = first
            firsts.append(first)
        }
        let fresh = insertions.indices.filter { firsts[$0] == $0 }
        var results = [InsertResult?](repeating: nil, count: insertions.count)
        for (index, addition) in zip(fresh, try await add(fresh.map { insertions[$0] })) {
            let task = insertions[index].task
            switch addition {
            case .new: results[index] = .inserted(task.message.id)
            case .known(let body): results[index] = task.repeating(body)
            case .refused: break
            }
        }
        for (index, first) in firsts.enumerated() where first != index && results[first] != nil {
            results[index] = insertions[index].task.repeating(TaskBody(insertions[first].task))
        }
        return results
    }

    /// What the insert script made of a task.
    private enum Addition {
        case new
        /// There was one with its identifier before.
        case known(TaskBody)
        /// There is no room in its queue.
        case refused
    }

    /// Adds tasks with different identifiers.
    private func add(_ insertions: [Insertion]) async throws(BackendError) -> [Addition] {
        let tasks = insertions.map(\.task)
        let byQueue = tasks.indexes { $0.message.queue }
        let entries = try await register(Set(byQueue.keys))
        var batches: [InsertBatch] = []
        var gains = WakeChannel.Gains()
        for (queue, indexes) in byQueue {
            guard let known = entries[queue] else { throw .unreadable("queue \(queue.rawValue)") }
            let entry = try await enroll(Line.all(of: indexes.lazy.map { tasks[$0].message }), in: known)
            for start in stride(from: 0, to: indexes.count, by: Scripts.batch) {
                let part = indexes[start..<min(start + Scripts.batch, indexes.count)]
                let room = part.compactMap { insertions[$0].room }.min()
                batches.append(InsertBatch(entry: entry, indexes: part, room: room))
            }
        }
        for task in tasks where !task.message.isDelayed { gains.add(task.message) }
        var additions = [Addition](repeating: .new, count: tasks.count)
        let values = try await server.send(batches.map { call(of: $0, tasks) })
        for (batch, value) in zip(batches, values) { try await read(value, of: batch, tasks, into: &additions) }
        wakes.wake(gains)
        return additions
    }

    /// How often one insert goes on after the server was wiped.
    private static let wipesMax = 5

    private func call(of batch: InsertBatch, _ tasks: [NewTask]) -> Command {
        var gains = WakeChannel.Gains()
        for index in batch.indexes where !tasks[index].message.isDelayed { gains.add(tasks[index].message) }
        return batch.call(tasks, wake: wakes.message(gains))
    }

    private func read(
        _ value: RESPValue, of batch: InsertBatch, _ tasks: [NewTask], into additions: inout [Addition]
    ) async throws(BackendError) {
        var (value, batch, tries) = (value, batch, 0)
        while value.isNull {
            // The server was wiped: the queue and its lines get numbers again.
            tries += 1
            guard tries <= Self.wipesMax else {
                throw BackendError(.unavailable, "Redis is emptied again and again.")
            }
            let queue = batch.entry.keys.queue
            directory.setLines([:], of: queue)
            guard let known = try await registerAgain([queue])[queue] else { throw .unreadable("numbers") }
            batch.entry = try await enroll(Line.all(of: batch.indexes.lazy.map { tasks[$0].message }), in: known)
            value = try await server.send(call(of: batch, tasks))
        }
        if value.text == Scripts.full {
            for index in batch.indexes { additions[index] = .refused }
            return
        }
        guard let bodies = value.elements, bodies.isEmpty || bodies.count == batch.indexes.count else {
            throw .unreadable("an insert")
        }
        for (index, body) in zip(batch.indexes, bodies) {
            guard let bytes = body.bytes else { continue }
            guard let number = TaskBody.line(of: bytes) else { throw .unreadable("task \(tasks[index].message.id)") }
            let entry = try await entry(batch.entry, knowing: [number])
            additions[index] = .known(try TaskBody(bytes, id: tasks[index].message.id, in: entry))
        }
    }
}

extension NewTask {
    /// What to say where there was a task with this identifier before.
    fileprivate func repeating(_ known: TaskBody) -> InsertResult {
        let isSame =
            known.message.type == message.type && known.message.queue == message.queue
            && known.message.tenant == message.tenant && known.message.priority == message.priority
            && known.message.payload == message.payload && known.tags == tags
        return isSame ? .duplicate(of: message.id) : .conflict(with: message.id)
    }
}

/// One call of the insert script.
private struct InsertBatch {
    /// Tasks that go to one place at one time.
    private struct Run {
        let line: Line
        let slot: Int
        let availableAt: Timestamp
        var count = 0
    }
    /// The queue, which knows the lines.
    var entry: Directory.Entry
    let indexes: ArraySlice<Int>
    /// How many tasks may wait in the queue once these are in; nil = any number.
    let room: Int?

    /// The call; `wake` is what to tell others.
    func call(_ tasks: [NewTask], wake: String) -> Command {
        let keys = entry.keys
        var names = [keys.bodies, keys.log, keys.counts, keys.lines, keys.open, keys.due]
        var slots: [Line: Int] = [:]
        var runs: [Run] = []
        for index in indexes {
            let message = tasks[index].message
            if let last = runs.last, last.availableAt == message.availableAt, last.line.holds(message),
                (last.slot == 6) == message.isDelayed
            {
                runs[runs.count - 1].count += 1
                continue
            }
            let line = Line(message)
            if !message.isDelayed, slots[line] == nil {
                names.append(keys.fresh(entry.numbers[line] ?? 0))
                slots[line] = names.count
            }
            let slot = message.isDelayed ? 6 : slots[line] ?? 6
            runs.append(Run(line: line, slot: slot, availableAt: message.availableAt, count: 1))
        }
        let bytes = indexes.reduce(0) { $0 + tasks[$1].message.payload.count + 64 }
        var call = Scripts.insert.call(keys: names, capacity: bytes + 128 * runs.count)
        call.append(indexes.count)
        call.append(runs.count)
        call.append(wake)
        var scratch = ByteBufferAllocator().buffer(capacity: 256)
        var numbers = LineNumbers(entry.numbers)
        for index in indexes {
            let body = TaskBody(tasks[index])
            scratch.clear()
            scratch.write(key: body.message.id)
            call.append(scratch)
            scratch.clear()
            body.write(line: numbers.number(of: body.message) ?? 0, to: &scratch)
            call.append(scratch)
        }
        for run in runs { write(run, entry.numbers[run.line] ?? 0, to: &call) }
        call.append(room.map { "\($0)" } ?? "")
        return call
    }

    private func write(_ run: Run, _ number: UInt32, to call: inout Command) {
        var instant = ByteBuffer()
        instant.write(run.availableAt)
        var behind = ByteBuffer()
        behind.writeString("\(TaskStatus.scheduled.code)")
        behind.write(line: number)
        call.append(run.count)
        call.append(run.line.text)
        call.append(Int(number))
        call.append(run.slot)
        call.append(instant)
        call.append(Int(run.availableAt.microseconds))
        call.append(behind)
    }
}
#endif
