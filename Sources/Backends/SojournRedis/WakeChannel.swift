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
        /// Batches are mostly of one kind: those that follow each other are counted together.
        private var runs: [(key: Key, count: Int)] = []
        fileprivate var counts: [Key: Int] {
            Dictionary(runs.map { ($0.key, $0.count) }, uniquingKeysWith: +)
        }
        var isEmpty: Bool { runs.isEmpty }

        mutating func add(_ message: TaskMessage) { add(message.type, in: message.queue) }

        mutating func add(_ type: TaskType, in queue: QueueName) {
            if let last = runs.last?.key, last.type == type, last.queue == queue {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((Key(queue: queue, type: type), 1))
            }
        }
    }

    /// The claims of this process that wait.
    let list: WaitList
    private let time: any TimeSource
    /// Tells our own messages from those of others.
    private let origin: String
    /// Whether one server knows all who listen; the nodes of a cluster do not.
    private let isCounted: Bool

    private static let pause: Duration = .milliseconds(250)
    private static let longPause: Duration = .seconds(5)

    init(time: any TimeSource, client: RedisClient) {
        self.time = time
        if case .cluster = client.address.topology { isCounted = false } else { isCounted = true }
        list = WaitList(time: time)
        var random = SystemRandomNumberGenerator()
        origin = LeaseToken(random: &random).description
    }

    /// Wakes as many claims of this process as there are tasks.
    func wake(_ gains: Gains) {
        for (key, count) in gains.counts { list.wake(key.queue, type: key.type, count: count) }
    }

    /// What a script shall tell the other processes, empty where there is nothing to tell: `1` where it need not where
    /// nobody else listens, `0` where it must, and the text. The scripts that make tasks available say it themselves: a
    /// message that went beside a script could overtake it, and wake a claim that finds nothing.
    func message(_ gains: Gains) -> String { gains.isEmpty ? "" : (isCounted ? "1" : "0") + text(gains) }

    private func text(_ gains: Gains) -> String {
        let words = gains.counts.map { "\($0.key.queue.rawValue) \($0.key.type.rawValue) \($0.value)" }
        return ([origin] + words).joined(separator: "\n")
    }

    /// The same as a command, for what has happened already.
    func announcements(_ gains: Gains) -> [Command] {
        gains.isEmpty ? [] : [Command("PUBLISH", SharedKeys.wake, text(gains))]
    }

    /// What tells the other processes that a queue hands out tasks again.
    func announcements(resumed queue: QueueName) -> [Command] {
        [Command("PUBLISH", SharedKeys.wake, "\(origin)\n\(queue.rawValue)")]
    }

    /// Listens until cancelled, or the client is closed. After every interruption all claims look again, for messages
    /// may have been missed. A server that refuses, as while its password is being changed, is asked again later: what
    /// else needs it says so.
    func listen(on client: RedisClient) async {
        while !Task.isCancelled {
            var pause = Self.pause
            do throws(RESPError) {
                let channels = [SharedKeys.wake, "\(SharedKeys.wake):\(origin)"]
                var events = try await client.subscribe(to: channels).makeAsyncIterator()
                while let event = try await events.next() {
                    switch event {
                    case .subscribed: list.wakeAll()
                    case .message(_, let text): hear(String(buffer: text))
                    }
                }
            } catch {
                if error.kind == .closed { return }
                pause = error.isRetryable ? Self.pause : Self.longPause
            }
            // The client waits by itself before it connects again; this keeps a server that refuses from being flooded.
            try? await time.sleep(for: pause)
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
