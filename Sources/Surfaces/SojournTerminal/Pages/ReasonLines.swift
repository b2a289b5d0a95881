import SojournModel
import SojournWire

/// Why the selected queue stands as it does, and what to do.
enum ReasonLines {
    static func lines(_ state: MonitorState, rows: Int) -> [Line] {
        guard rows > 0, let queue = state.focus else { return [] }
        let verdict = queue.verdict
        let columns = state.size.columns
        let why = labelled("why", verdict.why, columns: columns, limit: rows == 4 ? 2 : 1)
        let advice = labelled("do", verdict.advice, columns: columns, limit: rows == 4 && why.count == 1 ? 2 : 1)
        guard rows > 2 else { return Array((why + advice).prefix(rows)) }
        var lines = [heading(queue, columns: columns)] + why + advice
        while lines.count < rows { lines.append(Line()) }
        return Array(lines.prefix(rows))
    }

    private static func heading(_ queue: MonitorState.Queue, columns: Int) -> Line {
        var title = Line(queue.view.name.rawValue, .bold)
        title.put(" \(queue.verdict.standing.symbol) \(queue.verdict.standing.word)", queue.verdict.standing.style)
        return Line.rule(title, columns: columns)
    }

    /// `text` behind a word in the margin.
    static func labelled(_ label: String, _ text: String, columns: Int, limit: Int = .max) -> [Line] {
        let margin = max(5, label.count + 2)
        return Line.wrapped(text, to: columns - margin, limit: limit).enumerated().map { index, wrapped in
            var line = Line()
            line.put(index == 0 ? label : "", Style(.cyan, .bold), in: margin)
            line.put(wrapped)
            return line
        }
    }
}
