/// Writes JSON text straight into bytes: no tree, no intermediate strings.
///
///     var writer = JSONWriter()
///     writer.object {
///         $0.field("queue", name)
///         $0.object("sla") { $0.field("met", true) }
///         $0.array("tags", tags)
///     }
///
/// Commas take care of themselves. Strings are escaped so that the text can also stand inside a page's `<script>` or in
/// one line of an event stream; bytes that are put in `raw` stay as they are.
public struct JSONWriter: Sendable {
    /// What has been written so far: a whole JSON text once every container is closed.
    public private(set) var bytes: [UInt8] = []
    /// True after a value: another value or name in this place needs a comma before it.
    private var needsComma = false

    /// An empty writer with room for `capacity` bytes; it grows as needed.
    public init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }
}

// MARK: - Containers

extension JSONWriter {
    /// Opens an object as the next value. Whoever uses this instead of a closure must also close it.
    public mutating func beginObject() { open(ASCII.openBrace) }

    /// Closes the object that is open.
    public mutating func endObject() { close(ASCII.closeBrace) }

    /// Opens an array as the next value. Whoever uses this instead of a closure must also close it.
    public mutating func beginArray() { open(ASCII.openBracket) }

    /// Closes the array that is open.
    public mutating func endArray() { close(ASCII.closeBracket) }

    /// An object as the next value, with the fields that `body` writes.
    public mutating func object<Failure>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        beginObject()
        try body(&self)
        endObject()
    }

    /// A field that holds an object, with the fields that `body` writes.
    public mutating func object<Failure>(
        _ name: StaticString, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try object(body)
    }

    /// An array as the next value, with the values that `body` writes.
    public mutating func array<Failure>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        beginArray()
        try body(&self)
        endArray()
    }

    /// A field that holds an array, with the values that `body` writes.
    public mutating func array<Failure>(
        _ name: StaticString, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try array(body)
    }

    /// A field that holds an array of the elements, in their order.
    public mutating func array(_ name: StaticString, _ elements: some Sequence<some JSONWritable>) {
        array(name) { (writer: inout JSONWriter) in
            for element in elements { writer.value(element) }
        }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }
}

// MARK: - Fields and values

extension JSONWriter {
    /// One field of the open object. A nil value is written as `null`.
    public mutating func field(_ name: StaticString, _ value: some JSONWritable) {
        key(name)
        self.value(value)
    }

    /// One field whose value is JSON already; see `value(raw:)`.
    public mutating func field(_ name: StaticString, raw json: [UInt8]) {
        key(name)
        value(raw: json)
    }

    /// One field that is `null`.
    public mutating func null(_ name: StaticString) {
        key(name)
        value(raw: [])
    }

    /// The name of the next field; the value must follow.
    public mutating func key(_ name: StaticString) {
        separate()
        name.withUTF8Buffer { appendQuoted($0) }
        bytes.append(ASCII.colon)
        needsComma = false
    }

    /// The name of the next field when it is not known in advance, as in an object that is a table.
    public mutating func key(named name: String) {
        value(name)
        bytes.append(ASCII.colon)
        needsComma = false
    }

    /// The next value: an element of the open array, what belongs to the key just written, or the whole text.
    public mutating func value(_ value: some JSONWritable) {
        value.write(to: &self)
    }

    /// The next value, which is JSON already and is copied byte for byte. No bytes at all become `null`.
    ///
    /// The caller vouches that it is one valid value. It may contain line feeds and `<`.
    public mutating func value(raw json: [UInt8]) {
        separate()
        if json.isEmpty { append("null") } else { bytes.append(contentsOf: json) }
        needsComma = true
    }
}

// MARK: - Scalars

extension JSONWriter {
    mutating func scalar(word: StaticString) {
        separate()
        append(word)
        needsComma = true
    }

    mutating func scalar(magnitude: UInt64, isNegative: Bool) {
        separate()
        if isNegative { bytes.append(ASCII.minus) }
        appendDigits(magnitude)
        needsComma = true
    }

    mutating func scalar(text: String) {
        separate()
        var text = text
        text.withUTF8 { appendQuoted($0) }
        needsComma = true
    }

    /// `body` appends the value's own bytes, which must be valid JSON and need no escaping.
    mutating func scalar(_ body: (inout [UInt8]) -> Void) {
        separate()
        body(&bytes)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(ASCII.comma) }
    }

    private mutating func append(_ word: StaticString) {
        word.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func appendDigits(_ number: UInt64) {
        let start = bytes.count
        var rest = number
        repeat {
            bytes.append(ASCII.zero + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        // The digits came out last one first.
        var (low, high) = (start, bytes.count - 1)
        while low < high {
            bytes.swapAt(low, high)
            (low, high) = (low + 1, high - 1)
        }
    }
}

// MARK: - Strings

extension JSONWriter {
    /// Copies runs of plain bytes at once and escapes what stands between them.
    private mutating func appendQuoted(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(ASCII.quote)
        var runStart = 0
        var at = 0
        while at < text.count {
            let length = Self.escapedLength(text, at)
            if length > 0 {
                bytes.append(contentsOf: text[runStart..<at])
                appendEscape(text[at], last: text[at + length - 1])
                runStart = at + length
            }
            at += max(length, 1)
        }
        bytes.append(contentsOf: text[runStart...])
        bytes.append(ASCII.quote)
    }

    /// How many bytes of `text` at `index` must be escaped as one: 0, 1, or 3 for U+2028 and U+2029, which end a line
    /// in older JavaScript.
    private static func escapedLength(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        switch text[index] {
        case 0..<0x20, ASCII.quote, ASCII.backslash, 0x3C: 1  // 3C is <, which can begin </script>
        case 0xE2 where index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8: 3
        default: 0
        }
    }

    private mutating func appendEscape(_ byte: UInt8, last: UInt8) {
        switch byte {
        case ASCII.quote: append("\\\"")
        case ASCII.backslash: append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        case 0xE2: append(last == 0xA8 ? "\\u2028" : "\\u2029")
        default:
            append("\\u00")
            bytes.append(Self.hexDigit(byte >> 4))
            bytes.append(Self.hexDigit(byte & 0xF))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? ASCII.zero + value : 0x57 + value
    }
}
