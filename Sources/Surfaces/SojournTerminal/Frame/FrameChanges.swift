/// What must be written so that a terminal that shows one frame shows another.
enum FrameChanges {
    /// The whole of `frame`, whatever the terminal shows.
    static func whole(_ frame: Frame) -> String {
        var text = "\u{1B}[0m\u{1B}[2J"
        let blank = Cell.blank
        for (row, line) in frame.lines.enumerated() {
            guard let last = line.lastIndex(where: { $0 != blank }) else { continue }
            write(line, 0..<last + 1, row: row, to: &text)
        }
        return wrapped(text)
    }

    /// Only what has changed, from the first to the last column of each line; nothing where nothing has.
    static func between(_ old: Frame, _ new: Frame) -> String {
        guard old.size == new.size else { return whole(new) }
        var text = ""
        for row in new.lines.indices {
            guard let columns = changed(old.lines[row], new.lines[row]) else { continue }
            write(new.lines[row], columns, row: row, to: &text)
        }
        return text.isEmpty ? "" : wrapped(text)
    }

    private static func changed(_ old: [Cell], _ new: [Cell]) -> Range<Int>? {
        guard old != new, let first = new.indices.first(where: { old[$0] != new[$0] }),
            let last = new.indices.last(where: { old[$0] != new[$0] })
        else { return nil }
        // Both halves of a wide character are written, and both halves of one that stood there are covered.
        var (start, end) = (first, last + 1)
        while start > 0, old[start].width == 0 || new[start].width == 0 { start -= 1 }
        while end < new.count, old[end].width == 0 || new[end].width == 0 { end += 1 }
        return start..<end
    }

    private static func write(_ line: [Cell], _ columns: Range<Int>, row: Int, to text: inout String) {
        text += "\u{1B}[\(row + 1);\(columns.lowerBound + 1)H"
        var style: Style?
        for column in columns {
            let cell = line[column]
            guard cell.width > 0 else { continue }
            if cell.style != style {
                text += cell.style.sequence
                style = cell.style
            }
            text += cell.text
            // Terminals disagree about the width of what is not Latin: the next character gets its place told.
            if isDoubtful(cell) { text += "\u{1B}[\(column + cell.width + 1)G" }
        }
        text += "\u{1B}[0m"
    }

    private static func isDoubtful(_ cell: Cell) -> Bool {
        guard cell.width == 1, let scalar = cell.text.unicodeScalars.first else { return true }
        return cell.text.unicodeScalars.count > 1 || (0x300..<0x2010).contains(scalar.value) || scalar.value >= 0x2E80
    }

    /// Between these marks, a terminal that knows them shows nothing half done.
    private static func wrapped(_ text: String) -> String { "\u{1B}[?2026h\(text)\u{1B}[?2026l" }
}
