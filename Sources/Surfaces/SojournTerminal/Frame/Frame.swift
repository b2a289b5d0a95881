/// A picture of the whole terminal: as many lines and cells as it has rows and columns.
struct Frame: Equatable {
    let size: Size
    private(set) var lines: [[Cell]]

    /// A picture of `lines`, from the top; what does not fit is cut off.
    init(_ lines: [Line], size: Size) {
        self.size = size
        let shown = lines.prefix(size.rows).map { $0.fitted(to: size.columns) }
        let blank = Array(repeating: Cell.blank, count: size.columns)
        self.lines = shown + Array(repeating: blank, count: size.rows - shown.count)
    }

    /// The picture without its looks and without spaces at the ends of lines.
    var text: [String] {
        lines.map { line in
            var text = line.map(\.text).joined()
            while text.last == " " { text.removeLast() }
            return text
        }
    }

    /// The same picture without colours.
    var withoutColours: Frame {
        var frame = self
        for line in frame.lines.indices {
            for cell in frame.lines[line].indices { frame.lines[line][cell].style.colour = nil }
        }
        return frame
    }

    /// Lays `lines` over the middle of the picture.
    mutating func overlay(_ box: [Line]) {
        let width = min(box.map(\.width).max() ?? 0, size.columns)
        let left = (size.columns - width) / 2
        let top = max(0, (size.rows - box.count) / 2)
        for (row, line) in zip(top..<size.rows, box) {
            // A wide character of which one half is covered cannot be shown.
            if left > 0, lines[row][left].width == 0 { lines[row][left - 1] = .blank }
            lines[row].replaceSubrange(left..<left + width, with: line.fitted(to: width))
            if left + width < size.columns, lines[row][left + width].width == 0 { lines[row][left + width] = .blank }
        }
    }
}
