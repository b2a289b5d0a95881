/// Where a value stands in its text. Spelled out only for an error, so that reading a value costs no string.
enum JSONPath: Sendable, CustomStringConvertible {
    case root
    case field(name: String, parent: String)
    case element(index: Int, parent: String)

    var description: String {
        switch self {
        case .root: ""
        case .field(let name, ""): Self.printable(name)
        case .field(let name, let parent): "\(parent).\(Self.printable(name))"
        case .element(let index, let parent): "\(parent)[\(index)]"
        }
    }

    /// A name from outside as it may appear in a log line or an answer: cut short and without control characters.
    static func printable(_ name: String) -> String {
        let limit = 64
        let isPlain = name.utf8.count <= limit && name.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        if isPlain { return name }
        var text = String.UnicodeScalarView()
        for scalar in name.unicodeScalars.prefix(limit) {
            text.append(isSafe(scalar) ? scalar : "\u{FFFD}")
        }
        return String(text) + (name.unicodeScalars.count > limit ? "…" : "")
    }

    /// False for what could forge a line or turn the reading direction of one.
    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
        default: true
        }
    }
}
