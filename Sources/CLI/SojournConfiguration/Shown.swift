/// How outside text looks inside a message: one short line that cannot forge another log line.
enum Shown {
    /// `text` on one line, in quotes where it would be hard to see, cut after 60 characters.
    static func text(_ text: String) -> String {
        text.isEmpty || text.contains(" ") ? quoted(text) : escaped(text)
    }

    static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// A key that nobody knows. Long ones are cut hard: an API key may have slid into the place of a key.
    static func key(_ key: String) -> String {
        key.count > 20 ? text(key.prefix(6) + "…") : text(key)
    }

    /// A number without a needless `.0`.
    static func number(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }

    /// The largest unit that loses nothing: `500ms`, `10s`, `24h`.
    static func duration(milliseconds: Int) -> String {
        switch milliseconds {
        case let value where value == 0 || value % 1_000 != 0: "\(value)ms"
        case let value where value % 3_600_000 == 0: "\(value / 3_600_000)h"
        case let value where value % 60_000 == 0: "\(value / 60_000)m"
        default: "\(milliseconds / 1_000)s"
        }
    }

    /// `a, b or c`
    static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// Scheme and host of a URL; what follows may hold a token.
    static func url(_ url: String) -> String {
        guard let parts = URLParts(url) else { return "(hidden)" }
        return "\(parts.scheme)://\(parts.host)/…"
    }

    private static func escaped(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let clean = scalars.prefix(60).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }.joined()
        return scalars.count > 60 ? clean + "…" : clean
    }
}
