/// Rows in aligned columns, for people. Cells are made safe to show.
struct Table {
    enum Alignment {
        case left, right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    /// A table with these columns; numbers belong to the right.
    init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

    /// Adds a row with one cell per column.
    mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count, "A row has one cell per column.")
        rows.append(cells.map { Visible.line($0) })
    }

    /// The titles and all rows, without an end of line after the last.
    var text: String {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { line($0, widths) }.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { index in
            let space = String(repeating: " ", count: widths[index] - cells[index].count)
            return columns[index].alignment == .right ? space + cells[index] : cells[index] + space
        }
        let line = padded.joined(separator: "  ")
        // Nothing is gained by spaces after the last cell.
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}

/// Lines of `name  value`, for one thing.
struct Listing {
    private var entries: [(name: String, value: String)] = []

    /// Adds a line; one without a value is left out.
    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        entries.append((name, Visible.line(value)))
    }

    /// All lines, without an end of line after the last.
    var text: String {
        let width = entries.map(\.name.count).max() ?? 0
        return entries.map { name, value in
            "\(name)\(String(repeating: " ", count: width - name.count))  \(value)"
        }.joined(separator: "\n")
    }
}
