#if Redis
import SojournModel
import Synchronization

/// What this process knows of the queues and their lines. Redis knows it too; this saves asking.
final class Directory: Sendable {
    /// One queue.
    struct Entry: Sendable {
        let number: UInt32
        let keys: QueueKeys
        /// The numbers of its lines.
        var numbers: [Line: UInt32] = [:]
        /// Its lines by their numbers.
        var lines: [UInt32: Line] = [:]
        /// The lines where somebody may wait.
        var open: Set<UInt32> = []
        /// Whether more than one lane had somebody who waits, when a claim looked last.
        var isMixed = false
    }
    private struct State {
        var entries: [QueueName: Entry] = [:]
        var names: [UInt32: QueueName] = [:]
        var version: String?

        @discardableResult
        mutating func add(_ queue: QueueName, _ number: UInt32, like old: Entry?) -> Entry {
            var entry = Entry(number: number, keys: QueueKeys(queue))
            if let old { (entry.numbers, entry.lines, entry.open) = (old.numbers, old.lines, old.open) }
            entry.isMixed = old?.isMixed ?? false
            entries[queue] = entry
            names[number] = queue
            return entry
        }
    }
    /// Numbers of queues and lines have 24 bits: see ``Tokens`` and ``TaskBody``.
    static let numbers: ClosedRange<UInt32> = 1...0xFF_FFFF
    private let state = Mutex(State())

    /// Of which version of all queues this is; nil where none was read yet.
    var version: String? { state.withLock { $0.version } }
    var all: [Entry] { state.withLock { Array($0.entries.values) } }

    subscript(queue: QueueName) -> Entry? { state.withLock { $0.entries[queue] } }
    subscript(number: UInt32) -> Entry? {
        state.withLock { state in state.names[number].flatMap { state.entries[$0] } }
    }

    /// Replaces all that is known by `numbers`; lines of known queues stay.
    func replace(_ numbers: [QueueName: UInt32], version: String?) {
        state.withLock { state in
            let old = state.entries
            state = State()
            state.version = version
            for (queue, number) in numbers { state.add(queue, number, like: old[queue]) }
        }
    }

    /// Adds a queue, or gives it another number; its entry.
    func add(_ queue: QueueName, number: UInt32) -> Entry {
        state.withLock { $0.add(queue, number, like: $0.entries[queue]) }
    }

    /// Remembers exactly these lines of a queue.
    func setLines(_ numbers: [Line: UInt32], of queue: QueueName) {
        let lines = Dictionary(numbers.map { ($0.value, $0.key) }) { first, _ in first }
        state.withLock { state in
            state.entries[queue]?.numbers = numbers
            state.entries[queue]?.lines = lines
        }
    }

    /// Remembers one more line of a queue.
    func add(_ line: Line, number: UInt32, of queue: QueueName) {
        state.withLock { state in
            state.entries[queue]?.numbers[line] = number
            state.entries[queue]?.lines[number] = line
        }
    }

    /// Remembers whether a claim from a queue has something to choose.
    func setMixed(_ isMixed: Bool, _ queue: QueueName) {
        state.withLock { $0.entries[queue]?.isMixed = isMixed }
    }

    /// Remembers exactly these open lines of a queue.
    func setOpen(_ open: Set<UInt32>, of queue: QueueName) {
        state.withLock { $0.entries[queue]?.open = open }
    }
}
#endif
