#if Redis
import SojournModel
import Synchronization

/// The queues and lines that this process knows to have hints. Redis knows it too; this saves asking.
final class HintDirectory: Sendable {
    private struct State {
        var queues: Set<QueueName> = []
        var lines: [QueueName: Set<Line>] = [:]
    }
    private let state = Mutex(State())

    /// Every queue that ever had a hint, as far as is known.
    var queues: Set<QueueName> {
        get { state.withLock { $0.queues } }
        set { state.withLock { $0.queues = newValue } }
    }

    /// The known lines of a queue.
    subscript(queue: QueueName) -> Set<Line> {
        get { state.withLock { $0.lines[queue] ?? [] } }
        set { state.withLock { $0.lines[queue] = newValue.isEmpty ? nil : newValue } }
    }
}
#endif
