#if Redis
import SojournModel
import Synchronization

/// What this process knows of the queues and their lines. Redis knows it too; this saves asking.
final class Directory: Sendable {
    /// One queue.
    struct Entry: Sendable {
        let number: UInt32
        let keys: QueueKeys
        var lines: Set<Line> = []
    }
    private struct State {
        var entries: [QueueName: Entry] = [:]
        var names: [UInt32: QueueName] = [:]
    }
    /// Numbers of queues have 24 bits: see ``Tokens``.
    static let numbers: ClosedRange<UInt32> = 1...0xFF_FFFF
    private let state = Mutex(State())

    var count: Int { state.withLock { $0.entries.count } }
    var all: [Entry] { state.withLock { Array($0.entries.values) } }

    subscript(queue: QueueName) -> Entry? { state.withLock { $0.entries[queue] } }
    subscript(number: UInt32) -> Entry? {
        state.withLock { state in state.names[number].flatMap { state.entries[$0] } }
    }

    /// Replaces all that is known by `numbers`; lines of known queues stay.
    func replace(_ numbers: [QueueName: UInt32]) {
        state.withLock { state in
            let old = state.entries
            state = State()
            for (queue, number) in numbers { Self.add(queue, number, lines: old[queue]?.lines ?? [], to: &state) }
        }
    }

    func add(_ queue: QueueName, number: UInt32) {
        state.withLock { Self.add(queue, number, lines: $0.entries[queue]?.lines ?? [], to: &$0) }
    }

    /// Remembers exactly these lines of a queue.
    func setLines(_ lines: Set<Line>, of queue: QueueName) {
        state.withLock { $0.entries[queue]?.lines = lines }
    }

    private static func add(_ queue: QueueName, _ number: UInt32, lines: Set<Line>, to state: inout State) {
        state.entries[queue] = Entry(number: number, keys: QueueKeys(queue), lines: lines)
        state.names[number] = queue
    }
}
#endif
