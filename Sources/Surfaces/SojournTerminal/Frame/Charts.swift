/// Small pictures of numbers.
enum Charts {
    private static let levels: [String] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let parts: [String] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// One column per value, the newest at the right; red where a value is above `limit`, which is as high as a line.
    /// Without a limit the highest value is of medium height.
    static func sparkline(_ values: [Double?], limit: Double?, columns: Int) -> Line {
        let shown = values.suffix(columns)
        let top = limit ?? max((shown.compactMap { $0 }.max() ?? 0) * 1.6, 1e-9)
        var line = Line()
        line.skip(columns - shown.count)
        for value in shown {
            guard let value else {
                line.put(" ")
                continue
            }
            let level = min(max(Numerals.whole((value / top * 8).rounded(.up)) - 1, 0), 7)
            line.put(levels[level], style(value, limit))
        }
        return line
    }

    /// How much of `limit` is used: `██▌─────`.
    static func bar(_ value: Double, limit: Double, columns: Int) -> Line {
        let share = limit > 0 ? value / limit : 0
        let eighths = Numerals.whole((min(max(share, 0), 1) * Double(columns * 8)).rounded(.up))
        var line = Line()
        line.put(String(repeating: "█", count: eighths / 8) + parts[eighths % 8], style(value, limit))
        line.put(String(repeating: "─", count: max(0, columns - line.width)), .quiet)
        return line
    }

    /// A chart of several lines, with a dotted line where the limit is.
    static func area(_ values: [Double?], limit: Double?, columns: Int, rows: Int) -> [Line] {
        let shown = Array(values.suffix(columns))
        let top = max((shown.compactMap { $0 }.max() ?? 0) * 1.05, (limit ?? 0) * 1.25, 1e-9)
        // The row that holds the limit, from below.
        let marked = limit.map { min(rows - 1, max(0, Numerals.whole(($0 / top * Double(rows)).rounded(.down)))) }
        return (0..<rows).reversed().map { row in
            var line = Line()
            let rest = row == marked ? "┄" : " "
            line.put(String(repeating: rest, count: columns - shown.count), .quiet)
            for value in shown {
                let filled = (value ?? 0) / top * Double(rows * 8) - Double(row * 8)
                let eighths = min(8, Numerals.whole(filled.rounded(.up)))
                // Zero is a line at the bottom; what is not known is nothing.
                let isGround = row == 0 && value != nil
                guard eighths > 0 || isGround, let value else {
                    line.put(rest, .quiet)
                    continue
                }
                line.put(levels[max(eighths, 1) - 1], style(value, limit))
            }
            return line
        }
    }

    /// Green far below the limit, yellow near it, red above.
    static func style(_ value: Double, _ limit: Double?) -> Style {
        guard let limit, limit > 0 else { return Style(.cyan) }
        switch value / limit {
        case ...0.8: return Style(.green)
        case ...1: return Style(.yellow)
        default: return Style(.red)
        }
    }
}
