import SojournModel
import SojournWire

/// How the waits, the depth and the traffic of a queue went, each under a heading.
enum ChartLines {
    /// The least columns in which all of them stand side by side.
    static let sideBySide = 72
    private static let gap = 2

    /// Blocks of `height` lines, one below the other: all side by side, or each in a block of its own where there is
    /// little room.
    static func rows(_ queue: MonitorState.Queue, columns: Int, height: Int) -> [[Line]] {
        guard let history = queue.history, height > 1 else { return [] }
        let facts = queue.facts
        let across = columns >= sideBySide ? 3 : 1
        let width = (columns - gap * (across - 1)) / across
        let wait = "WAIT \(Numerals.duration(facts.waitNow))\(facts.promise == nil ? "" : " of W \(facts.limit)")"
        let limit = facts.maxDepth.map { " of L \(Numerals.count(Numerals.whole($0)))" } ?? ""
        let depth = "WAITING \(Numerals.count(queue.view.waiting))\(limit)"
        let charts = [
            chart(wait, history.waits, facts.promise?.limit.inSeconds, width, height),
            chart(depth, history.depths, facts.maxDepth, width, height),
            chart(facts.rates, history.rates, facts.promise?.arrivalRate, width, height),
        ]
        return across == 1 ? charts : [beside(charts, width: width)]
    }

    private static func chart(
        _ title: String, _ values: History, _ limit: Double?, _ columns: Int, _ height: Int
    ) -> [Line] {
        var heading = Line()
        heading.put(title, .bold, in: columns)
        return [heading] + Charts.area(values.last(columns), limit: limit, columns: columns, rows: height - 1)
    }

    private static func beside(_ blocks: [[Line]], width: Int) -> [Line] {
        (0..<(blocks.first?.count ?? 0)).map { row in
            var line = Line()
            for (index, block) in blocks.enumerated() {
                line.skip(to: index * (width + gap))
                line.put(block[row])
            }
            return line
        }
    }
}
