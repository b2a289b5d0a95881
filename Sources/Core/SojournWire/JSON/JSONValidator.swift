/// Checks that bytes are exactly one JSON text (RFC 8259) in strict UTF-8: one pass, no recursion, no allocation.
///
/// Nothing is decoded, so the cost is the same for every input of a length, however it is nested or escaped.
struct JSONValidator {
    private let bytes: [UInt8]
    private let maxDepth: Int
    private var at = 0
    private var depth = 0
    /// One bit per open container, the innermost lowest: 1 is an object, 0 an array.
    private var containers: UInt128 = 0

    /// The deepest nesting that `containers` has a bit for.
    static let deepest = UInt128.bitWidth

    private init(_ bytes: [UInt8], maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = min(max(maxDepth, 0), Self.deepest)
    }

    /// Where the one value stands in `bytes`, without the white space around it.
    static func validate(_ bytes: [UInt8], maxDepth: Int) throws(JSONError) -> Range<Int> {
        var validator = JSONValidator(bytes, maxDepth: maxDepth)
        return try validator.wholeText()
    }

    private mutating func wholeText() throws(JSONError) -> Range<Int> {
        skipSpace()
        let start = at
        var end = at
        var goesOn = true
        while goesOn {
            try value()
            goesOn = try closeContainers()
            end = at
        }
        skipSpace()
        guard at == bytes.count else { throw failure("something follows the end of the value") }
        return start..<end
    }

    /// One scalar or empty container, with all containers that open before it.
    private mutating func value() throws(JSONError) {
        while true {
            switch peek {
            case ASCII.openBrace:
                if try opened(isObject: true, close: ASCII.closeBrace) { return }
                try fieldName()
            case ASCII.openBracket:
                if try opened(isObject: false, close: ASCII.closeBracket) { return }
            case ASCII.quote: return try string()
            case ASCII.minus, 0x30...0x39: return try number()
            case 0x74: return try literal("true")
            case 0x66: return try literal("false")
            case 0x6E: return try literal("null")
            default: throw failure("a value is expected")
            }
        }
    }

    /// Enters a container. True when it was empty and is closed again.
    private mutating func opened(isObject: Bool, close: UInt8) throws(JSONError) -> Bool {
        guard depth < maxDepth else { throw failure("it is nested deeper than \(maxDepth) levels") }
        at += 1
        skipSpace()
        if peek == close {
            at += 1
            return true
        }
        depth += 1
        containers = containers &<< 1 | (isObject ? 1 : 0)
        return false
    }

    /// Leaves every container that ends here. True when a comma promises another value.
    private mutating func closeContainers() throws(JSONError) -> Bool {
        while depth > 0 {
            skipSpace()
            let isObject = containers & 1 == 1
            switch peek {
            case ASCII.comma:
                at += 1
                skipSpace()
                if isObject { try fieldName() }
                return true
            case isObject ? ASCII.closeBrace : ASCII.closeBracket:
                at += 1
                depth -= 1
                containers &>>= 1
            default: throw failure(isObject ? "a comma or } is expected" : "a comma or ] is expected")
            }
        }
        return false
    }

    private mutating func fieldName() throws(JSONError) {
        guard peek == ASCII.quote else { throw failure("a field name in double quotes is expected") }
        try string()
        skipSpace()
        guard peek == ASCII.colon else { throw failure("a colon is expected after a field name") }
        at += 1
        skipSpace()
    }
}

// MARK: - Tokens

extension JSONValidator {
    private mutating func literal(_ word: StaticString) throws(JSONError) {
        let end = at + word.utf8CodeUnitCount
        let isWord = end <= bytes.count && word.withUTF8Buffer { bytes[at..<end].elementsEqual($0) }
        guard isWord else { throw failure("a value is expected") }
        at = end
    }

    /// `-`, then 0 or digits that do not begin with 0, then a fraction and an exponent if there are any.
    private mutating func number() throws(JSONError) {
        if peek == ASCII.minus { at += 1 }
        if peek == ASCII.zero {
            at += 1
            guard !peek.isDigit else { throw failure("a number must not begin with a zero") }
        } else {
            try digits()
        }
        if peek == ASCII.dot {
            at += 1
            try digits()
        }
        if peek | 0x20 == 0x65 {  // e or E
            at += 1
            if peek == ASCII.plus || peek == ASCII.minus { at += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(JSONError) {
        guard peek.isDigit else { throw failure("a digit is expected") }
        while peek.isDigit { at += 1 }
    }

    private mutating func string() throws(JSONError) {
        at += 1
        while true {
            switch peek {
            case ASCII.quote:
                at += 1
                return
            case ASCII.backslash: try escape()
            case 0x20..<0x80: at += 1
            case 0x80...: try multibyte()
            default:
                throw failure(at < bytes.count ? "a control character in a string is not escaped" : "a string is open")
            }
        }
    }

    /// The shape of an escape only: which characters `\u` may name is the business of whoever decodes the string.
    private mutating func escape() throws(JSONError) {
        at += 1
        switch peek {
        case ASCII.quote, ASCII.backslash, ASCII.slash, 0x62, 0x66, 0x6E, 0x72, 0x74: at += 1  // b f n r t
        case 0x75:  // u
            at += 1
            for _ in 0..<4 {
                guard peek.hexValue != nil else { throw failure("four hexadecimal digits are expected after \\u") }
                at += 1
            }
        default: throw failure("there is no such escape in JSON")
        }
    }

    /// One character of two to four bytes, as table 3-7 of the Unicode standard has it.
    private mutating func multibyte() throws(JSONError) {
        let second: ClosedRange<UInt8>
        let length: Int
        switch peek {
        case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
        case 0xE0: (second, length) = (0xA0...0xBF, 3)  // shorter forms exist below
        case 0xED: (second, length) = (0x80...0x9F, 3)  // surrogates begin above
        case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
        case 0xF0: (second, length) = (0x90...0xBF, 4)
        case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
        case 0xF4: (second, length) = (0x80...0x8F, 4)  // U+10FFFF is the last character
        default: throw failure("the bytes are not UTF-8")
        }
        at += 1
        guard second.contains(peek) else { throw failure("the bytes are not UTF-8") }
        at += 1
        for _ in 2..<length {
            guard 0x80...0xBF ~= peek else { throw failure("the bytes are not UTF-8") }
            at += 1
        }
    }

    private mutating func skipSpace() {
        while peek.isJSONSpace { at += 1 }
    }

    /// The byte at hand; 0 at the end, which is safe because no NUL byte is allowed anywhere in JSON.
    private var peek: UInt8 { at < bytes.count ? bytes[at] : 0 }

    private func failure(_ reason: String) -> JSONError {
        let place = at < bytes.count ? "at byte \(at)" : "at the end"
        return JSONError(path: "", message: "is not valid JSON: \(reason) (\(place))", offset: at)
    }
}
