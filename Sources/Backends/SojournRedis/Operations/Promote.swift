#if Redis
import NIOCore
import RESP
public import SojournCore
import SojournModel

/// A task that waits for its time.
private struct DueTask {
    let queue: Int
    let place: DuePlace
    let availableAt: Timestamp
}

extension RedisQueue {
    /// Makes tasks whose time has come available, the earliest first.
    public func promote(limit: Int) async throws(BackendError) -> DutyProgress {
        let limit = min(max(0, limit), Limits.dutyBatch)
        let now = time.now()
        var entries = try await allQueues()
        var due = try await dueTasks(limit, in: entries)
        let ready = due.prefix(limit).prefix { $0.availableAt <= now }
        due.removeFirst(ready.count)
        var batches: [(tasks: [DueTask], call: Command)] = []
        for (queue, tasks) in Dictionary(grouping: ready, by: \.queue) {
            entries[queue] = try await entry(entries[queue], knowing: Set(tasks.map(\.place.line)))
            for start in stride(from: 0, to: tasks.count, by: Scripts.batch) {
                let part = Array(tasks[start..<min(start + Scripts.batch, tasks.count)])
                batches.append((part, try Self.promotion(of: part, entries[queue])))
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
                if let line = entries[task.queue].lines[task.place.line] { gains.add(line.type, in: queue) }
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
                guard let place = DuePlace(place) else { throw .unreadable("a due task") }
                due.append(DueTask(queue: queue, place: place, availableAt: availableAt))
            }
        }
        return due.sorted { $0.availableAt < $1.availableAt }
    }

    private static func promotion(
        of tasks: [DueTask], _ entry: Directory.Entry
    ) throws(BackendError) -> Command {
        var slots: [UInt32: Int] = [:]
        var names = [entry.keys.due, entry.keys.counts, entry.keys.open]
        for task in tasks where slots[task.place.line] == nil {
            names.append(entry.keys.returned(task.place.line))
            slots[task.place.line] = names.count
        }
        var call = Scripts.promote.call(keys: names, capacity: 128 * tasks.count)
        for task in tasks {
            guard let line = entry.lines[task.place.line] else { throw .unreadable("a due task") }
            var instant = ByteBuffer()
            instant.write(task.availableAt)
            call.append(task.place.bytes)
            call.append(Int(task.availableAt.microseconds))
            call.append(instant)
            call.append(slots[task.place.line] ?? 0)
            call.append(line.priority.rawValue)
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
