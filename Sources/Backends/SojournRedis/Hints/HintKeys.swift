#if Redis
import SojournModel

/// The keys of one queue's hints: they share its hash tag, so that one node of a cluster has them all.
struct HintKeys: Sendable {
    let queue: QueueName
    /// Set: the names of the lines that have hints.
    let lines: String

    init(_ queue: QueueName) {
        self.queue = queue
        lines = "{sojourn:\(queue.rawValue)}:hints"
    }

    /// Sorted set: the hints of one line (``HintMember``) by when their tasks became available.
    func line(_ line: Line) -> String { lines + ":" + line.text }

    /// Set: every queue that ever had a hint.
    static let queues = "{sojourn}:hints:queues"
    /// Set: the queues whose hints are not handed out.
    static let paused = "{sojourn}:hints:paused"
    /// Text: who filled the hints, or does (``HintScripts/epoch``).
    static let epoch = "{sojourn}:hints:epoch"
}
#endif
