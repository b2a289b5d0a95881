import Logging
import SojournCore
import SojournModel
import SojournWire

/// How a log line looks.
enum LogLayout: Sendable {
    /// For people: `2026-11-21T04:31:00.123456Z warning sojourn.worker: A claim failed error="…"`.
    case text
    /// For programs: one JSON object. Metadata are fields beside `time`, `level`, `label` and `message`.
    case json

    func line(
        at now: Timestamp, _ level: Logger.Level, _ label: String, _ message: String, _ metadata: Logger.Metadata
    ) -> [UInt8] {
        let time = RFC3339.format(microseconds: now.microseconds)
        let fields = metadata.sorted { $0.key < $1.key }
        switch self {
        case .text:
            let pairs = fields.map { " \(Visible.line($0.key))=\(Self.quoted($0.value))" }.joined()
            return Array("\(time) \(level) \(label): \(Visible.line(message))\(pairs)".utf8)
        case .json:
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("time", time)
                writer.field("level", level.rawValue)
                writer.field("label", label)
                writer.field("message", message)
                for (key, value) in fields {
                    writer.key(named: Self.reserved.contains(key) ? "\(key)_" : key)
                    Self.write(value, to: &writer)
                }
            }
            return writer.bytes
        }
    }

    private static let reserved: Set = ["time", "level", "label", "message"]

    private static func quoted(_ value: Logger.Metadata.Value) -> String {
        let text = Visible.line("\(value)")
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") }
        return isPlain ? text : "\"\(text.replacing("\"", with: "\\\""))\""
    }

    private static func write(_ value: Logger.Metadata.Value, to writer: inout JSONWriter) {
        switch value {
        case .string(let text): writer.value(text)
        case .stringConvertible(let value): writer.value("\(value)")
        case .array(let values):
            writer.array { writer in
                for value in values { write(value, to: &writer) }
            }
        case .dictionary(let entries):
            writer.object { writer in
                for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
                    writer.key(named: key)
                    write(value, to: &writer)
                }
            }
        }
    }
}
