import SojournModel

/// The rule for error texts that are kept: they come from handlers and may be anything.
enum ErrorText {
    /// The text without NUL, which other stores cannot hold, cut to ``Limits/errorBytes``.
    static func stored(_ text: String) -> String {
        let short = cut(text)
        guard short.utf8.contains(0) else { return short }
        // A replacement takes more bytes than a NUL.
        return cut(short.replacing("\0", with: "\u{FFFD}"))
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > Limits.errorBytes else { return text }
        var bytes = Array(text.utf8.prefix(Limits.errorBytes + 1))
        // Back to the first byte of a character, which then goes too.
        while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
        return String(decoding: bytes, as: UTF8.self)
    }
}
