/// What keys, columns and symbols mean.
enum HelpPage {
    private static let keys = [
        ("↑ ↓ j k", "select a queue"), ("PgUp PgDn", "a screen up or down"), ("Home End g G", "first, last"),
        ("Enter", "everything about the queue"), ("Esc", "back; in the list: no filter, follow the worst queue"),
        ("p", "pause or resume the queue, after a question"),
        ("r", "replay its dead letters, after a question"), ("/", "only queues with that text in their name"),
        ("s", "sort: worst first, by name, by depth"), ("space", "freeze the screen; what happens is kept"),
        ("Ctrl-L", "ask again and draw again"), ("q Ctrl-C", "quit"),
    ]
    private static let words = [
        ("WAITING", "tasks that wait for a worker"),
        ("OF L", "of L = λ·W, what may wait on average while the promise holds"),
        ("WAIT", "how long tasks wait now: the oldest one, or the next one as predicted"),
        ("W", "the promise: a task starts within W"),
        ("WAITS", "WAIT at the last looks; a full column reaches W"),
        ("P99", "99 of 100 tasks waited at most so long, since the server started"),
        ("IN TIME", "tasks that started within W, since the server started"),
        ("BUDGET", "share of the allowed late tasks that is used up in three days"),
        ("λ/s", "tasks that come per second / what the contract allows"),
        ("BUSY", "ρ, the share of time that workers are busy"),
        ("WORKERS", "how many there are → how many there should be"),
        ("DEAD", "tasks given up, until somebody replays or purges them"),
    ]
    private static let meanings: [(Standing, String)] = [
        (.broken, "a task waits longer than W, or more were late than allowed"),
        (.atRisk, "in time so far, but it will not last"), (.paused, "nothing is handed out"),
        (.keeps, "tasks start in time"), (.noPromise, "the queue has no W"), (.idle, "nothing to do"),
    ]

    static func lines(columns: Int) -> [Line] {
        var lines = [Line.rule(Line("keys", .bold), columns: columns)]
        for (key, meaning) in keys { lines += entry(Line(key, .bold), meaning, columns) }
        lines.append(Line.rule(Line("states", .bold), columns: columns))
        for (standing, meaning) in meanings {
            lines += entry(Line("\(standing.symbol) \(standing.word)", standing.style), meaning, columns)
        }
        lines.append(Line.rule(Line("columns", .bold), columns: columns))
        for (word, meaning) in words { lines += entry(Line(word, .bold), meaning, columns) }
        return lines
    }

    private static func entry(_ name: Line, _ meaning: String, _ columns: Int) -> [Line] {
        let margin = 16
        return Line.wrapped(meaning, to: max(8, columns - margin)).enumerated().map { index, text in
            var line = Line()
            line.skip(2)
            if index == 0 { line.put(name) }
            line.skip(to: margin)
            line.put(text)
            return line
        }
    }
}
