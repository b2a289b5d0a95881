/// As much of a terminal as frames need: cells, a cursor, and the sequences that ``FrameChanges`` writes.
struct VirtualScreen {
    struct Cell: Equatable {
        var text = " "
        var style = "0"
    }

    private(set) var cells: [[Cell]]
    /// What was written that no terminal should be sent by a frame.
    private(set) var faults: [String] = []
    private var row = 0
    private var column = 0
    private var style = "0"

    init(columns: Int, rows: Int) {
        cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
    }

    mutating func write(_ text: String, width: (String) -> Int) {
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            if scalar == "\u{1B}" {
                sequence(&scalars)
            } else if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
                faults.append("control character \(scalar.value)")
            } else if scalar.properties.generalCategory == .nonspacingMark {
                cells[row][column - 1].text.unicodeScalars.append(scalar)
            } else {
                put(String(scalar), width: width(String(scalar)))
            }
        }
    }

    private mutating func put(_ text: String, width: Int) {
        guard row < cells.count, column + width <= cells[row].count else {
            faults.append("\(text) outside the screen at \(row), \(column)")
            return
        }
        cells[row][column] = Cell(text: text, style: style)
        if width == 2 { cells[row][column + 1] = Cell(text: "", style: style) }
        column += width
    }

    private mutating func sequence(_ scalars: inout Substring.UnicodeScalarView) {
        guard scalars.popFirst() == "[" else { return faults.append("an escape without a bracket") }
        var parameters = ""
        while let scalar = scalars.popFirst() {
            guard (0x40...0x7E).contains(scalar.value) else {
                parameters.unicodeScalars.append(scalar)
                continue
            }
            return run(Character(scalar), parameters)
        }
        faults.append("an escape without an end")
    }

    private mutating func run(_ final: Character, _ parameters: String) {
        let numbers = parameters.split(separator: ";").compactMap { Int($0) }
        switch (final, parameters) {
        case ("H", _) where numbers.count == 2: (row, column) = (numbers[0] - 1, numbers[1] - 1)
        case ("G", _) where numbers.count == 1: column = numbers[0] - 1
        case ("m", _): style = parameters
        case ("J", "2"):
            for row in cells.indices { cells[row] = cells[row].map { _ in Cell() } }
        case ("h", "?2026"), ("l", "?2026"): break
        default: faults.append("\(parameters)\(final)")
        }
    }
}
