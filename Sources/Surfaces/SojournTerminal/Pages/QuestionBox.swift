/// A question in a frame of its own.
enum QuestionBox {
    private static let widest = 56

    static func lines(_ question: MonitorState.Question, columns: Int) -> [Line] {
        let inner = max(1, min(widest, columns - 4) - 4)
        var answers = Line("y", .bold)
        answers.put(" yes   ")
        answers.put("n", .bold)
        answers.put(" no")
        let body = Line.wrapped(question.text, to: inner) + [Line(), answers]
        let edge = Style(.yellow, .bold)
        let rule = String(repeating: "─", count: inner + 2)
        return [Line("╭\(rule)╮", edge)]
            + body.map { text in
                var line = Line("│ ", edge)
                line.put(text)
                line.skip(to: inner + 2)
                line.put(" │", edge)
                return line
            } + [Line("╰\(rule)╯", edge)]
    }
}
