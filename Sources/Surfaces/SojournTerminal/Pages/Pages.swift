import SojournModel
import SojournWire

/// From a state to a picture of it. No clock, no terminal: the same state always looks the same.
enum Pages {
    /// The picture of `state`.
    static func frame(_ state: MonitorState, colour: Bool = true) -> Frame {
        var lines = state.page == .list ? list(state) : scrolled(state)
        lines = Array(lines.prefix(state.size.rows - 1))
        while lines.count < state.size.rows - 1 { lines.append(Line()) }
        lines.append(Footer.line(state))
        var frame = Frame(lines, size: state.size)
        if let question = state.question { frame.overlay(QuestionBox.lines(question, columns: state.size.columns)) }
        return colour ? frame : frame.withoutColours
    }

    /// The lines of a page that can be longer than the screen.
    static func body(_ state: MonitorState) -> [Line] {
        switch state.page {
        case .list: []
        case .details: DetailsPage.lines(state)
        case .help: HelpPage.lines(columns: state.size.columns)
        }
    }

    /// How many of them are visible.
    static func bodyRows(_ state: MonitorState) -> Int { max(1, state.size.rows - 2) }

    private static func scrolled(_ state: MonitorState) -> [Line] {
        [Header.title(state)] + body(state).dropFirst(max(0, state.top)).prefix(bodyRows(state))
    }

    private static func list(_ state: MonitorState) -> [Line] {
        let layout = ListLayout(state)
        var lines = [Header.title(state)]
        if state.size.rows >= 6 { lines.append(Header.totals(state)) }
        guard !state.listed.isEmpty else { return lines + [Line()] + empty(state) }
        var table = QueueTable(state.size.columns, longestName: state.longestName).lines(state, layout)
        if state.isStale { for index in table.indices { table[index].restyle { $0 = .quiet } } }
        lines += table
        lines += ReasonLines.lines(state, rows: layout.reason)
        lines += charts(state, rows: layout.charts)
        lines += DecisionLines.recent(state, rows: layout.decisions)
        return lines
    }

    private static func charts(_ state: MonitorState, rows: Int) -> [Line] {
        guard rows > 0, let queue = state.focus else { return [] }
        return ChartLines.rows(queue, columns: state.size.columns, height: rows - 1).flatMap { $0 } + [Line()]
    }

    private static func empty(_ state: MonitorState) -> [Line] {
        let text =
            if state.sampledAt == nil {
                state.failure == nil ? "asking \(state.server) …" : "\(state.server) has not answered yet"
            } else if state.queues.isEmpty {
                "there are no queues: a queue appears with its first task or its configuration"
            } else {
                "no queue has \"\(state.filter)\" in its name; Esc shows all"
            }
        return Line.wrapped(text, .quiet, to: state.size.columns - 2).map { line in
            var indented = Line("  ")
            indented.put(line)
            return indented
        }
    }
}

extension QueueTable {
    /// The heading and the visible rows.
    func lines(_ state: MonitorState, _ layout: ListLayout) -> [Line] {
        let focus = state.focus?.view.name
        let rows = state.listed.dropFirst(state.top).prefix(layout.rows).compactMap { state.queues[$0] }.map {
            row($0, isSelected: $0.view.name == focus)
        }
        return state.size.rows < 6 ? rows : [heading] + rows
    }
}
