#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel

/// Wakes claims that wait: those of this process at once, those of others through a channel of Redis.
///
/// A message that is lost only delays a claim until its own end, so nothing is sent twice and nothing is acknowledged.
final class WakeChannel: Sendable {
    /// What became available: how many tasks of each type in each queue.
    struct Gains: Sendable {
        fileprivate struct Key: Hashable {
            let queue: QueueName
            let type: TaskType
        }
        fileprivate var counts: [Key: Int] = [:]
        var isEmpty: Bool { counts.isEmpty }

        mutating func add(_ message: TaskMessage) { add(message.type, in: message.queue) }

        mutating func add(_ type: TaskType, in queue: QueueName) {
            counts[Key(queue: queue, type: type), default: 0] += 1
        }
    }

    /// The claims of this process that wait.
    let list: WaitList
    private let time: any TimeSource
    /// Tells our own messages from those of others.
    private let origin: String

    init(time: any TimeSource) {
        self.time = time
        list = WaitList(time: time)
        var random = SystemRandomNumberGenerator()
        origin = LeaseToken(random: &random).description
    }

    /// Wakes as many claims of this process as there are tasks.
    func wake(_ gains: Gains) {
        for (key, count) in gains.counts { list.wake(key.queue, type: key.type, count: count) }
    }

    /// What tells the other processes, empty where there is nothing to tell. The scripts that make tasks available say
    /// it themselves: a message that went beside a script could overtake it, and wake a claim that finds nothing.
    func message(_ gains: Gains) -> String {
        if gains.isEmpty { return "" }
        let words = gains.counts.map { "\($0.key.queue.rawValue) \($0.key.type.rawValue) \($0.value)" }
        return ([origin] + words).joined(separator: "\n")
    }

    /// The same as a command, for what has happened already.
    func announcements(_ gains: Gains) -> [Command] {
        gains.isEmpty ? [] : [Command("PUBLISH", SharedKeys.wake, message(gains))]
    }

    /// What tells the other processes that a queue hands out tasks again.
    func announcements(resumed queue: QueueName) -> [Command] {
        [Command("PUBLISH", SharedKeys.wake, "\(origin)\n\(queue.rawValue)")]
    }

    /// Listens until cancelled. After every interruption all claims look again, for messages may have been missed.
    func listen(on client: RedisClient) async throws {
        while !Task.isCancelled {
            do throws(RESPError) {
                var events = try await client.subscribe(to: [SharedKeys.wake]).makeAsyncIterator()
                while let event = try await events.next() {
                    switch event {
                    case .subscribed: list.wakeAll()
                    case .message(_, let text): hear(String(buffer: text))
                    }
                }
            } catch {
                if error.kind == .closed { return }
                if !error.isRetryable { throw BackendError(error) }
            }
            // The client waits by itself before it connects again; this keeps a server that refuses from being flooded.
            try await time.sleep(for: .milliseconds(250))
        }
    }

    private func hear(_ text: String) {
        let rows = text.split(separator: "\n")
        guard let sender = rows.first, sender != origin else { return }
        for row in rows.dropFirst() {
            let words = row.split(separator: " ")
            guard let queue = words.first.map({ QueueName(trusted: String($0)) }) else { continue }
            if words.count == 3, let count = Int(words[2]) {
                list.wake(queue, type: TaskType(trusted: String(words[1])), count: count)
            } else {
                list.wake(queue, count: .max)
            }
        }
    }
}
#endif
