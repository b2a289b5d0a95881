public import SojournModel
public import SojournWire

/// The queues for a pipe: one line per queue and look, in columns that stay.
///
/// Fields are separated by spaces and hold none, except the last; what is not known is `-`.
public struct PlainLines {
    private static let columns: [(title: String, width: Int)] = [
        ("time", 20), ("queue", 20), ("state", 10), ("waiting", 8), ("L", 8), ("wait_p99", 9), ("W", 10),
        ("in_time", 8),
        ("workers", 7), ("desired", 7), ("decision", 0),
    ]
    private static let none = "-"

    /// The newest decision of each queue that has been shown.
    private var shown: [QueueName: Timestamp] = [:]
    private var isFirst = true

    /// Lines that begin with a heading.
    public init() {}

    /// The lines of one look, by name, without ends of lines. A decision stands in the first look that sees it.
    public mutating func lines(_ queues: [QueueView], at now: Timestamp) -> [String] {
        var lines = isFirst ? [PlainLines.joined(PlainLines.columns.map(\.title))] : []
        for queue in queues.sorted(by: { $0.name < $1.name }) {
            lines.append(PlainLines.joined(PlainLines.fields(queue, now) + [decision(queue)]))
        }
        isFirst = false
        return lines
    }

    private mutating func decision(_ queue: QueueView) -> String {
        let before = shown[queue.name]
        guard let newest = queue.insight.decisions.max(by: { $0.at < $1.at }) else { return PlainLines.none }
        shown[queue.name] = newest.at
        // What was decided before anybody looked is no news.
        guard !isFirst, newest.at > before ?? .distantPast else { return PlainLines.none }
        return "\(newest.from)->\(newest.to): \(newest.reason)"
    }

    private static func fields(_ queue: QueueView, _ now: Timestamp) -> [String] {
        let facts = QueueFacts(view: queue)
        let insight = queue.insight
        return [
            Numerals.instant(now), queue.name.rawValue, Standing(facts).token, "\(queue.waiting)",
            facts.maxDepth.map { Numerals.fixed($0, 1) } ?? none, seconds(insight.actualWait),
            seconds(queue.promise?.limit), insight.attainment.map { Numerals.fixed($0 * 100, 2) + "%" } ?? none,
            insight.workers.map(String.init) ?? none, insight.desiredWorkers.map(String.init) ?? none,
        ]
    }

    private static func seconds(_ duration: Duration?) -> String {
        duration.map { "\(Numerals.fixed($0.inSeconds, 3))s" } ?? none
    }

    private static func joined(_ fields: [String]) -> String {
        var line = ""
        for (field, column) in zip(fields, columns) {
            if !line.isEmpty { line += " " }
            let text = Glyphs.of(field)
            line += text.map(\.text).joined()
            line += String(repeating: " ", count: max(0, column.width - text.reduce(0) { $0 + $1.width }))
        }
        return line
    }
}
