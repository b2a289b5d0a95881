/// Walks over a text that `JSONValidator` has accepted, and so looks only for where things end.
struct JSONCursor {
    let bytes: [UInt8]
    private(set) var at: Int

    init(_ bytes: [UInt8], at: Int) {
        self.bytes = bytes
        self.at = at
    }

    /// Steps over one byte and the white space after it.
    mutating func advance() {
        at += 1
        skipSpace()
    }

    var byte: UInt8 { at < bytes.count ? bytes[at] : 0 }

    /// Steps over the value that begins here and the white space after it; gives where the value stood.
    mutating func takeValue() -> (kind: JSONKind, range: Range<Int>) {
        let start = at
        let kind = JSONKind(firstByte: byte)
        switch kind {
        case .string: skipString()
        case .object, .array: skipContainer()
        case .number, .bool, .null: skipScalar()
        }
        let range = start..<at
        skipSpace()
        return (kind, range)
    }

    private mutating func skipContainer() {
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case ASCII.quote:
                skipString()
                continue
            case ASCII.openBrace, ASCII.openBracket: depth += 1
            case ASCII.closeBrace, ASCII.closeBracket: depth -= 1
            default: break
            }
            at += 1
            if depth == 0 { return }
        }
    }

    private mutating func skipString() {
        at += 1
        while at < bytes.count, bytes[at] != ASCII.quote {
            at += bytes[at] == ASCII.backslash ? 2 : 1
        }
        at += 1
    }

    private mutating func skipScalar() {
        while at < bytes.count {
            let byte = bytes[at]
            let isEnd = byte == ASCII.comma || byte == ASCII.closeBrace || byte == ASCII.closeBracket
            if isEnd || byte.isJSONSpace { return }
            at += 1
        }
    }

    private mutating func skipSpace() {
        while byte.isJSONSpace { at += 1 }
    }
}
