import SojournModel
import SojournWire

/// The last line: what was said, what is typed, or which keys there are.
enum Footer {
    /// A key, what it does, and how much it matters where there is little room.
    private typealias Hint = (key: String, word: String, rank: Int)

    private static let listKeys: [Hint] = [
        ("↑↓", "move", 5), ("Enter", "details", 4), ("p", "pause", 2), ("r", "replay", 3), ("/", "filter", 6),
        ("s", "", 7), ("space", "freeze", 8), ("?", "help", 0), ("q", "quit", 1),
    ]
    private static let detailKeys: [Hint] = [
        ("Esc", "back", 0), ("↑↓", "scroll", 5), ("p", "pause", 2), ("r", "replay", 3), ("space", "freeze", 6),
        ("?", "help", 4), ("q", "quit", 1),
    ]
    private static let helpKeys: [Hint] = [("Esc", "back", 0), ("↑↓", "scroll", 2), ("q", "quit", 1)]

    static func line(_ state: MonitorState) -> Line {
        if state.isFiltering {
            var line = Line("/", Style(.cyan, .bold))
            line.put(state.filter, .bold)
            line.put("▏", Style(.cyan))
            line.put("  \(state.listed.count) of \(state.queues.count)  Enter keeps it, Esc drops it", .quiet)
            return line
        }
        if let message = state.message {
            let style = Style(message.isError ? .red : .cyan, .bold)
            var line = Line()
            line.put(message.text, style, in: state.size.columns)
            return line
        }
        if let failure = state.failure {
            var line = Line()
            line.put(failure.why, Style(.red), in: state.size.columns)
            return line
        }
        return keys(state)
    }

    private static func keys(_ state: MonitorState) -> Line {
        let hints = table(state).map { hint in
            var line = Line(hint.key, .bold)
            line.put(" \(meaning(hint, state))", .quiet)
            return (rank: hint.rank, line: line)
        }
        var room = state.size.columns + 2
        var kept: Set<Int> = []
        for hint in hints.sorted(by: { $0.rank < $1.rank }) where hint.line.width + 2 <= room {
            room -= hint.line.width + 2
            kept.insert(hint.rank)
        }
        var line = Line()
        for hint in hints where kept.contains(hint.rank) {
            if line.width > 0 { line.skip(2) }
            line.put(hint.line)
        }
        return line
    }

    private static func table(_ state: MonitorState) -> [Hint] {
        switch state.page {
        case .list: listKeys
        case .details: detailKeys
        case .help: helpKeys
        }
    }

    private static func meaning(_ hint: Hint, _ state: MonitorState) -> String {
        switch hint.key {
        case "s": state.order.rawValue
        case "p": state.focus?.view.isPaused == true ? "resume" : hint.word
        case "/": state.filter.isEmpty ? hint.word : String(state.filter.prefix(12))
        case "space": state.isFrozen ? "go on" : hint.word
        default: hint.word
        }
    }
}
