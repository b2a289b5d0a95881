#if Redis
import NIOCore
import SojournCore
import SojournModel

/// The keys of one queue: they share its hash tag, so that one node of a cluster has them all. A class, because a copy
/// of it is in everything that knows a queue.
final class QueueKeys: Sendable {
    let queue: QueueName
    /// Hash: identifier → ``TaskBody``.
    let bodies: String
    /// Hash: identifier → ``TaskState``, of tasks that something happened to.
    let states: String
    /// Sorted set: identifiers of the tasks that run, by the end of their leases.
    let leases: String
    /// Sorted set: ``DuePlace`` by when they are due.
    let due: String
    /// List: ``FinishedPlace`` of succeeded and cancelled tasks, in the order in which they ended.
    let finished: String
    /// Sorted set: status, priority and identifier of dead letters, by their death.
    let dead: String
    /// Hash: status and priority → how many.
    let counts: String
    /// Hash: the text of a line → its number. A number is never given twice, and never taken back. The field without a
    /// name has the number of the queue.
    let lines: String
    /// Any value where the queue hands out nothing.
    let paused: String
    /// Set: the numbers of the lines where somebody may wait.
    let open: String
    /// Set: the keys of cancelled tasks whose places in lines nobody has passed yet.
    let gone: String
    /// List: all identifiers in order of arrival; those of forgotten tasks in between stay for a while.
    let log: String
    /// Number: how many identifiers were cut off the front of the log.
    let base: String
    private let linePrefix: String

    init(_ queue: QueueName) {
        let prefix = "{sojourn:\(queue.rawValue)}:"
        self.queue = queue
        bodies = prefix + "bodies"
        states = prefix + "states"
        leases = prefix + "leases"
        due = prefix + "due"
        finished = prefix + "finished"
        dead = prefix + "dead"
        counts = prefix + "counts"
        lines = prefix + "lines"
        paused = prefix + "paused"
        open = prefix + "open"
        gone = prefix + "gone"
        log = prefix + "log"
        base = prefix + "base"
        linePrefix = prefix + "line:"
    }

    /// The three keys of a line, all of ``WaitingPlace``: a list of tasks as they arrive; by when they became
    /// available, a sorted set of those that come back (due, handed back), and one of those that are late where that
    /// demotes them.
    func line(_ number: UInt32) -> [String] {
        [fresh(number), returned(number), linePrefix + "\(number):late"]
    }

    /// List: the places of tasks as they arrive.
    func fresh(_ number: UInt32) -> String { linePrefix + "\(number)" }

    /// Sorted set: the places of tasks that come back, by when they became available.
    func returned(_ number: UInt32) -> String { linePrefix + "\(number):returned" }
}

/// The keys that all queues share.
enum SharedKeys {
    /// Hash: queue → its number, and ``version``.
    static let queues = "{sojourn}:queues"
    /// The field of ``queues`` that changes with every new queue. No queue has such a name.
    static let version = " "
    /// Set: the queues that hand out nothing, for those who want to know; ``QueueKeys/paused`` is what counts.
    static let paused = "{sojourn}:paused"
    /// Hash: tenant and idempotency key → ``KeyOwner``.
    static let owners = "{sojourn}:owners"
    /// Sorted set: tenant and idempotency key by when the key was made.
    static let ages = "{sojourn}:ages"
    /// Channel: which lines gained tasks.
    static let wake = "sojourn:wake"
}
#endif
