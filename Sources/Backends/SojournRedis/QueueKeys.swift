#if Redis
import NIOCore
import SojournCore
import SojournModel

/// The keys of one queue: they share its hash tag, so that one node of a cluster has them all.
struct QueueKeys: Sendable {
    let queue: QueueName
    /// Hash: identifier → ``TaskBody``.
    let bodies: String
    /// Hash: identifier → ``TaskState``.
    let states: String
    /// Hash: identifier → ``Grant``, of the tasks that run.
    let grants: String
    /// Sorted set: identifiers by the end of their leases.
    let leases: String
    /// Sorted set: place, status and line by when they are due.
    let due: String
    /// Sorted set: status, priority and identifier of succeeded and cancelled tasks, by their end.
    let finished: String
    /// Sorted set: the same of dead letters.
    let dead: String
    /// Hash: status and priority → how many.
    let counts: String
    /// Set: the names of the lines where somebody waits.
    let lines: String
    /// List: all identifiers in order of arrival; those of forgotten tasks in between stay for a while.
    let log: String
    /// Number: how many identifiers were cut off the front of the log.
    let base: String
    /// Hash: identifiers of running tasks that shall be stopped.
    let wishes: String
    private let linePrefix: String

    init(_ queue: QueueName) {
        let prefix = "{sojourn:\(queue.rawValue)}:"
        self.queue = queue
        bodies = prefix + "bodies"
        states = prefix + "states"
        grants = prefix + "grants"
        leases = prefix + "leases"
        due = prefix + "due"
        finished = prefix + "finished"
        dead = prefix + "dead"
        counts = prefix + "counts"
        lines = prefix + "lines"
        log = prefix + "log"
        base = prefix + "base"
        wishes = prefix + "wishes"
        linePrefix = prefix + "line:"
    }

    /// Sorted set: the places of the tasks that wait in one line, by when they became available.
    func line(_ line: Line) -> String { linePrefix + line.text }

    /// Where a task stands in the sorted sets of lines.
    static func place(_ body: TaskBody) -> [UInt8] {
        let number = withUnsafeBytes(of: body.number.bigEndian) { Array($0.suffix(6)) }
        return number + Array(body.message.id.bytes.readableBytesView)
    }
}

/// The keys that all queues share.
enum SharedKeys {
    /// Hash: queue → its number.
    static let queues = "{sojourn}:queues"
    /// Set: the queues that hand out nothing.
    static let paused = "{sojourn}:paused"
    /// Hash: tenant and idempotency key → ``KeyOwner``.
    static let owners = "{sojourn}:owners"
    /// Sorted set: tenant and idempotency key by when the key was made.
    static let ages = "{sojourn}:ages"
    /// Channel: which lines gained tasks.
    static let wake = "sojourn:wake"
}
#endif
