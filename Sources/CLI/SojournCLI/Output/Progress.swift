import SojournCore
import SojournModel

/// Tells how far long work has come: one line that changes on a terminal, a line each second in a pipe.
struct Progress {
    private let what: String
    private let total: Int
    private let time: any TimeSource
    private let isTerminal = Console.isErrorTerminal
    private var next: Timestamp

    init(_ what: String, of total: Int, time: any TimeSource) {
        self.what = what
        self.total = total
        self.time = time
        next = time.now().advanced(by: .seconds(1))
    }

    /// Says how much is done, now and then.
    mutating func show(_ done: Int) {
        let now = time.now()
        guard now >= next else { return }
        next = now.advanced(by: isTerminal ? .milliseconds(100) : .seconds(1))
        let line = "\(done) of \(total) \(what)"
        if isTerminal { Console.note("\r\(line)") } else { Console.complain(line) }
    }

    /// Makes room for the result.
    func end() {
        if isTerminal { Console.note("\r\u{1B}[K") }
    }
}
