#if Redis
import NIOCore
import RESP
public import SojournCore
import SojournModel

extension RedisQueue {
    /// Puts dead letters back with a new budget of attempts, oldest first; they are available at once.
    public func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [TaskMessage] {
        let tasks = try await deadLetters(matching: filter, limit: min(max(0, limit), Limits.dutyBatch))
        let now = time.now()
        let moves = tasks.map { Self.replay($0, now: now) }
        var messages: [TaskMessage] = []
        var gains = WakeChannel.Gains()
        let values = try await server.send(moves.map(\.call))
        for (move, value) in zip(moves, values) where value.integer == 1 {
            var message = move.task.message
            message.availableAt = now
            message.attemptsBeforeReplay = move.state.attemptsBeforeReplay
            message.crashes = 0
            messages.append(message)
            gains.add(message)
        }
        try await announce(gains)
        return messages
    }

    private static func replay(_ task: StoredTask, now: Timestamp) -> Move {
        var state = task.state
        state.status = .queued
        state.attemptsBeforeReplay = state.attempt
        state.crashes = 0
        state.availableAt = now
        state.finishedAt = nil
        state.deadReason = nil
        return Move(
            task: task, from: (task.entry.keys.dead, task.deadPlace), to: task.entry.keys.returned(task.line),
            place: WaitingPlace.bytes(task.body.message.id, availableAt: now), score: now, state: state,
            line: task.line)
    }

    /// Deletes dead letters, oldest first; how many. Their idempotency keys stay for their own time.
    public func purge(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        let tasks = try await deadLetters(matching: filter, limit: min(max(0, limit), Limits.dutyBatch))
        var purged = 0
        for tasks in Dictionary(grouping: tasks, by: \.entry.number).values {
            for start in stride(from: 0, to: tasks.count, by: Scripts.batch) {
                let part = tasks[start..<min(start + Scripts.batch, tasks.count)]
                purged += try await remove(part.map(\.deadPlace), of: part[start].entry.keys)
            }
        }
        return purged
    }

    /// The oldest dead letters that match.
    private func deadLetters(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> [StoredTask] {
        guard limit > 0 else { return [] }
        var found: [StoredTask] = []
        for entry in try await allQueues() where filter.queue.map({ $0 == entry.keys.queue }) ?? true {
            if let ids = filter.ids {
                found += try await read(ids, in: entry).compactMap { $0 }.filter { $0.isDead(matching: filter) }
            } else {
                found += try await deadLetters(matching: filter, limit: limit, in: entry)
            }
        }
        return Array(found.sorted { $0.body.message.id < $1.body.message.id }.prefix(limit))
    }

    private func deadLetters(
        matching filter: TaskFilter, limit: Int, in entry: Directory.Entry
    ) async throws(BackendError) -> [StoredTask] {
        var found: [StoredTask] = []
        var start = 0
        while found.count < limit {
            let range = Command("ZRANGE", key: entry.keys.dead, "\(start)", "\(start + Limits.page - 1)")
            let ids = try await server.send(range).buffers.compactMap { place in
                place.flatMap { place in
                    // Status and priority stand before the identifier.
                    var id = place
                    id.moveReaderIndex(forwardBy: min(2, id.readableBytes))
                    return TaskID(key: id)
                }
            }
            if ids.isEmpty { break }
            found += try await read(ids, in: entry).compactMap { $0 }.filter { $0.isDead(matching: filter) }
            start += Limits.page
        }
        return found
    }
}

extension StoredTask {
    fileprivate func isDead(matching filter: TaskFilter) -> Bool { status == .dead && matches(filter) }
}
#endif
