#if Redis
import SojournCore
import SojournModel

/// Batches are mostly of one kind, and to compare a task with the one before it costs less than to look it up.

/// The numbers of the lines of tasks, one after the other.
struct LineNumbers {
    private let numbers: [Line: UInt32]
    private var last: (line: Line, number: UInt32?)?

    init(_ numbers: [Line: UInt32]) { self.numbers = numbers }

    /// The number of a task's line; nil where it is not known.
    mutating func number(of message: TaskMessage) -> UInt32? {
        if let last, last.line.holds(message) { return last.number }
        let line = Line(message)
        last = (line, numbers[line])
        return last?.number
    }
}

extension Line {
    /// Whether that is the line of a task.
    func holds(_ message: TaskMessage) -> Bool {
        message.priority == priority && message.type == type && message.tenant == tenant
    }

    /// The lines of tasks.
    static func all(of messages: some Sequence<TaskMessage>) -> Set<Line> {
        var lines: Set<Line> = []
        var last: Line?
        for message in messages {
            if let last, last.holds(message) { continue }
            let line = Line(message)
            lines.insert(line)
            last = line
        }
        return lines
    }
}

extension Array {
    /// The indexes of elements by what `key` says of them, in order.
    func indexes<Key: Hashable>(by key: (Element) -> Key) -> [Key: [Int]] {
        var groups: [Key: [Int]] = [:]
        var start = 0
        while start < count {
            let first = key(self[start])
            let end = self[start...].firstIndex { key($0) != first } ?? count
            groups[first, default: []] += start..<end
            start = end
        }
        return groups
    }
}
#endif
