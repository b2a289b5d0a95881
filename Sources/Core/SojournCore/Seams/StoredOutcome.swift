public import SojournModel

extension Outcome {
    /// The error text that every store keeps of this outcome: without NUL, which some cannot hold, and cut to
    /// ``Limits/errorBytes`` between two characters.
    public var storedError: String? {
        guard let text = errorText else { return nil }
        let short = Self.cut(text)
        guard short.utf8.contains(0) else { return short }
        // A replacement takes more bytes than a NUL.
        return Self.cut(short.replacing("\0", with: "\u{FFFD}"))
    }

    /// The result that every store keeps; one past ``Limits/resultBytes`` is left out, the task succeeds all the same.
    public var storedResult: [UInt8]? {
        guard case .succeeded(let result?) = self, result.count <= Limits.resultBytes else { return nil }
        return result
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > Limits.errorBytes else { return text }
        var bytes = Array(text.utf8.prefix(Limits.errorBytes + 1))
        // Back to the first byte of a character, which then goes too.
        while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
        return String(decoding: bytes, as: UTF8.self)
    }
}
