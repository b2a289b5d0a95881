/// One column of one line.
struct Cell: Equatable {
    /// What is written; empty in the second column of a wide character.
    var text: String
    /// How many columns `text` takes: 0, 1 or 2.
    var width: Int
    var style: Style

    static let blank = Cell(text: " ", width: 1, style: .plain)
}

/// Styled text of a bounded width.
struct Line: Equatable {
    /// As many as there are columns in use.
    private(set) var cells: [Cell] = []

    init() {}

    init(_ text: String, _ style: Style = .plain) { put(text, style) }

    var width: Int { cells.count }

    /// Adds text at the end.
    mutating func put(_ text: String, _ style: Style = .plain) { put(Glyphs.of(text), style) }

    /// Adds text in a field of so many columns, cut off or filled with spaces.
    mutating func put(_ text: String, _ style: Style = .plain, in columns: Int, right: Bool = false) {
        let glyphs = Glyphs.fitted(text, to: columns)
        let space = max(0, columns - glyphs.reduce(0) { $0 + $1.width })
        if right { skip(space) }
        put(glyphs, style)
        if !right { skip(space) }
    }

    mutating func put(_ line: Line) { cells += line.cells }

    /// Adds spaces.
    mutating func skip(_ columns: Int) {
        cells += repeatElement(.blank, count: max(0, columns))
    }

    /// Adds spaces up to a column.
    mutating func skip(to column: Int) { skip(column - width) }

    /// Makes it exactly so wide.
    func fitted(to columns: Int) -> [Cell] {
        guard cells.count > columns else { return cells + repeatElement(.blank, count: columns - cells.count) }
        var kept = Array(cells.prefix(columns))
        // Half of a wide character cannot be shown.
        if let last = kept.last, last.width == 2 { kept[kept.count - 1] = .blank }
        return kept
    }

    /// As it is, with other looks where `change` says so.
    mutating func restyle(_ change: (inout Style) -> Void) {
        for index in cells.indices { change(&cells[index].style) }
    }

    private mutating func put(_ glyphs: [Glyph], _ style: Style) {
        for glyph in glyphs {
            cells.append(Cell(text: glyph.text, width: glyph.width, style: style))
            if glyph.width == 2 { cells.append(Cell(text: "", width: 0, style: style)) }
        }
    }
}

extension Line {
    /// `text` in lines of at most so many columns, broken between words where that is possible; at most `limit` lines,
    /// the last one with a `…` where text is missing.
    static func wrapped(_ text: String, _ style: Style = .plain, to columns: Int, limit: Int = .max) -> [Line] {
        guard columns > 0, limit > 0 else { return [] }
        var texts: [String] = []
        var current = ""
        for word in text.split(separator: " ").map(String.init) {
            let longer = current.isEmpty ? word : "\(current) \(word)"
            if Glyphs.width(longer) <= columns || current.isEmpty {
                current = longer
            } else {
                texts.append(current)
                current = word
            }
        }
        if !current.isEmpty { texts.append(current) }
        if texts.count > limit {
            let rest = texts[(limit - 1)...].joined(separator: " ")
            texts = texts.prefix(limit - 1) + [rest]
        }
        return texts.map { text in
            var line = Line()
            line.put(Glyphs.fitted(text, to: columns), style)
            return line
        }
    }

    /// A heading with a rule behind it: `── decisions ─────`.
    static func rule(_ title: Line, columns: Int) -> Line {
        var line = Line("── ", .quiet)
        line.put(title)
        line.put(" ")
        line.put(String(repeating: "─", count: max(0, columns - line.width)), .quiet)
        return line
    }
}
