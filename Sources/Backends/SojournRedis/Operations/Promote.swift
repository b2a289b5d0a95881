#if Redis
import NIOCore
import RESP
public import SojournCore
import SojournModel

/// A task that waits for its time.
private struct DueTask {
    let queue: Int
    let place: ByteBuffer
    let line: Line
    let availableAt: Timestamp
}

extension RedisQueue {
    /// Makes tasks whose time has come available, the earliest first.
    public func promote(limit: Int) async throws(BackendError) -> DutyProgress {
        let limit = min(max(0, limit), Limits.dutyBatch)
        let now = time.now()
        let entries = try await allQueues()
        var due = try await dueTasks(limit, in: entries)
        let ready = due.prefix(limit).prefix { $0.availableAt <= now }
        due.removeFirst(ready.count)
        var batches: [(tasks: [DueTask], call: Command)] = []
        for (queue, tasks) in Dictionary(grouping: ready, by: \.queue) {
            for start in stride(from: 0, to: tasks.count, by: Scripts.batch) {
                let part = Array(tasks[start..<min(start + Scripts.batch, tasks.count)])
                batches.append((part, Self.promotion(of: part, entries[queue].keys)))
            }
        }
        var arrivals: [Arrival] = []
        var gains = WakeChannel.Gains()
        for (batch, value) in zip(batches, try await server.send(batches.map(\.call))) {
            guard let answers = value.bytes?.readableBytesView, answers.count == batch.tasks.count else {
                throw .unreadable("a promote")
            }
            for (task, answer) in zip(batch.tasks, answers) where answer == UInt8(ascii: "p") {
                let queue = entries[task.queue].keys.queue
                arrivals.append(Arrival(queue: queue, availableAt: task.availableAt))
                gains.add(task.line.type, in: queue)
            }
        }
        try await announce(gains)
        return DutyProgress(arrivals: arrivals, nextDue: due.first?.availableAt)
    }

    /// The earliest of all queues, one more than `limit` of each at most.
    private func dueTasks(_ limit: Int, in entries: [Directory.Entry]) async throws(BackendError) -> [DueTask] {
        var due: [DueTask] = []
        let values = try await server.send(entries.map { Self.first(limit, of: $0.keys.due) })
        for (queue, value) in values.enumerated() {
            for (place, availableAt) in Self.scored(value) {
                // Number (6), identifier (16) and status (1) stand before the line.
                let text = place.getString(at: place.readerIndex + 23, length: place.readableBytes - 23)
                guard let line = text.flatMap({ Line(text: $0) }) else { throw .unreadable("a due task") }
                due.append(DueTask(queue: queue, place: place, line: line, availableAt: availableAt))
            }
        }
        return due.sorted { $0.availableAt < $1.availableAt }
    }

    private static func promotion(of tasks: [DueTask], _ keys: QueueKeys) -> Command {
        var slots: [Line: Int] = [:]
        var names = [keys.due, keys.counts, keys.lines]
        for task in tasks where slots[task.line] == nil {
            names.append(keys.line(task.line))
            slots[task.line] = names.count
        }
        var call = Scripts.promote.call(keys: names, capacity: 96 * tasks.count)
        for task in tasks {
            call.append(task.place)
            call.append(Int(task.availableAt.microseconds))
            call.append(slots[task.line] ?? 0)
        }
        return call
    }

    /// Wakes those who wait, here and elsewhere.
    func announce(_ gains: WakeChannel.Gains) async throws(BackendError) {
        if gains.isEmpty { return }
        wakes.wake(gains)
        _ = try await server.send(wakes.announcements(gains))
    }
}
#endif
