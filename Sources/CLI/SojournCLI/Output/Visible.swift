/// Text from outside as it may stand on a terminal or in a log: one line that can neither forge another one nor move
/// the cursor.
enum Visible {
    static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isInvisible) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": shown += "\\n"
            case "\t": shown += "\\t"
            case "\r": shown += "\\r"
            case _ where isInvisible(scalar): shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// At most `length` characters, the last one a `…` where more follow.
    static func line(_ text: String, upTo length: Int) -> String {
        let shown = line(text)
        return shown.count > length ? shown.prefix(max(0, length - 1)) + "…" : shown
    }

    /// Controls, marks that turn the direction of writing, and separators of lines.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) { return true }
        guard scalar.value > 0x7F else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return true
        default: return false
        }
    }
}
