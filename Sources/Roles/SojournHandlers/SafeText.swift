/// Text from outside as it may stand in a failure message: valid UTF-8, bounded, and unable to forge or hide lines.
enum SafeText {
    /// One line of at most `limit` characters.
    static func line(_ text: some StringProtocol, limit: Int = 200) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) {
            scalars.append(isPrintable(scalar) ? scalar : "\u{FFFD}")
        }
        return String(scalars) + (text.unicodeScalars.count > limit ? "…" : "")
    }

    /// Several lines, with their line feeds and tabs. Bytes that are not UTF-8 become U+FFFD.
    static func lines(_ bytes: some Collection<UInt8>) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars where scalar != "\r" {
            let isKept = scalar == "\n" || scalar == "\t" || isPrintable(scalar)
            scalars.append(isKept ? scalar : "\u{FFFD}")
        }
        return String(scalars)
    }

    /// False for what can move the cursor, end a line, or turn the reading direction.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
