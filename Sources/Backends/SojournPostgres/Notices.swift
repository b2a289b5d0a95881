#if Postgres
import PQ
import SojournCore
import SojournModel
import Synchronization

/// Wakes claims that wait: those of this process at once, those of others through LISTEN and NOTIFY.
///
/// A notice names a queue, a type (`*`: several) and how many tasks; before them stands who says it, where that is one
/// of our processes, which has woken its own claims already.
final class Notices: Sendable {
    /// The claims of this process that wait.
    let list: WaitList
    private let origin: String
    private let time: any TimeSource
    private let hears = Mutex(false)
    /// Notices that meet go together.
    private let telling = Coalescer<Gains, Bool>(batchMax: 1_000, lanes: 1)

    init(origin: String, time: any TimeSource) {
        self.origin = origin
        self.time = time
        list = WaitList(time: time)
    }

    /// Whether the notices of others arrive now; while they do not, claims look by themselves once a second.
    var isHeard: Bool { hears.withLock { $0 } }

    /// Wakes as many claims of this process as there are tasks, and tells the other processes. Returns when they are
    /// told, or cannot be: then they find the tasks when they look by themselves.
    func wake(_ gains: Gains, through database: Database) async {
        if gains.byQueue.isEmpty { return }
        for (queue, gain) in gains.byQueue { list.wake(queue, type: gain.type, count: gain.count) }
        let origin = self.origin
        _ = try? await telling.submit([gains]) { all async throws(BackendError) in
            var sum = Gains([])
            for gains in all { sum.add(gains) }
            // In a transaction of its own: those that notify commit one after the other.
            _ = try await database.run(database.sql.wake, [.textArray(sum.texts(from: origin))])
            return all.map { _ in true }
        }
    }

    /// Says that a queue hands out tasks again.
    func resumed(_ queue: QueueName, through database: Database) async {
        var gains = Gains([])
        gains.add(nil, in: queue, count: Int(Int32.max))
        await wake(gains, through: database)
    }

    /// Listens until cancelled, where there is a connection that can. After every interruption all claims look again,
    /// for notices may have been missed.
    func listen(to database: Database) async {
        guard let pool = database.listening else { return }
        while !Task.isCancelled {
            do throws(PQError) {
                var events = try await pool.listen([database.schema]).makeAsyncIterator()
                while let event = try await events.next() {
                    switch event {
                    case .listening:
                        hears.withLock { $0 = true }
                        list.wakeAll()
                    case .notification(let notice): hear(notice.payload)
                    }
                }
            } catch {
                if error.code == .closed { break }
            }
            hears.withLock { $0 = false }
            list.wakeAll()
            try? await time.sleep(for: .milliseconds(500))
        }
        hears.withLock { $0 = false }
    }

    private func hear(_ text: String) {
        var words = text.split(separator: " ")
        if words.count == 4 {
            if words.removeFirst() == origin { return }
        }
        guard words.count == 3, let count = Int(words[2]) else { return }
        let type = words[1] == "*" ? nil : TaskType(trusted: String(words[1]))
        list.wake(QueueName(trusted: String(words[0])), type: type, count: type == nil ? .max : count)
    }
}

/// What became available: how many tasks in each queue, and of which type if all are of one.
struct Gains: Sendable {
    private(set) var byQueue: [QueueName: (type: TaskType?, count: Int)] = [:]

    init(_ messages: some Sequence<TaskMessage>) {
        for message in messages { add(message.type, in: message.queue) }
    }

    mutating func add(_ type: TaskType?, in queue: QueueName, count: Int = 1) {
        guard let known = byQueue[queue] else {
            byQueue[queue] = (type, count)
            return
        }
        // Of several types nobody knows who can run them: everybody looks.
        let isOne = known.type != nil && known.type == type
        byQueue[queue] = isOne ? (type, min(known.count + count, Int(Int32.max))) : (nil, Int(Int32.max))
    }

    mutating func add(_ other: Gains) {
        for (queue, gain) in other.byQueue { add(gain.type, in: queue, count: gain.count) }
    }

    /// What to tell others: one text for each queue.
    func texts(from origin: String) -> [String] {
        byQueue.map { queue, gain in
            "\(origin) \(queue.rawValue) \(gain.type?.rawValue ?? "*") \(gain.count)"
        }
    }
}
#endif
