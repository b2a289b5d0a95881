/// What a JSON value is.
public enum JSONKind: String, Sendable {
    case object
    case array
    case string
    case number
    /// `true` or `false`.
    case bool
    case null

    /// The kind of a valid value, which its first byte tells.
    init(firstByte: UInt8) {
        switch firstByte {
        case ASCII.openBrace: self = .object
        case ASCII.openBracket: self = .array
        case ASCII.quote: self = .string
        case 0x74, 0x66: self = .bool
        case 0x6E: self = .null
        default: self = .number
        }
    }

    /// With its article, to stand in a sentence.
    var phrase: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .bool: "true or false"
        case .null: "null"
        }
    }
}

/// One value inside a checked JSON text: a slice of its bytes, not a tree.
///
/// The text is checked once, as a whole. Objects and arrays are opened one level at a time, and only those that the
/// caller asks for; all else stays bytes, which `raw` gives back exactly as they came. So a task's payload is never
/// decoded, and a hostile one costs no more than a plain one.
public struct JSONValue: Sendable {
    /// How deep a text may be nested unless the caller says otherwise: `[]` is one level.
    public static let defaultDepth = 64

    /// What the value is.
    public let kind: JSONKind
    let bytes: [UInt8]
    let range: Range<Int>
    private let place: JSONPath

    init(kind: JSONKind, bytes: [UInt8], range: Range<Int>, place: JSONPath) {
        self.kind = kind
        self.bytes = bytes
        self.range = range
        self.place = place
    }

    /// Checks that `bytes` are one whole JSON text: RFC 8259, strict UTF-8, no byte order mark, nothing after it.
    ///
    /// Numbers of any size and escapes of lone surrogates are valid here: they matter only when they are decoded.
    /// - Parameter maxDepth: levels of nesting, 0...128; values outside are clamped.
    public init(validating bytes: [UInt8], maxDepth: Int = defaultDepth) throws(JSONError) {
        let range = try JSONValidator.validate(bytes, maxDepth: maxDepth)
        self.init(kind: JSONKind(firstByte: bytes[range.lowerBound]), bytes: bytes, range: range, place: .root)
    }

    /// Where the value stands, such as `retry.base_ms` or `tasks[3]`; empty for the whole text.
    public var path: String { place.description }

    /// The value's bytes exactly as they were sent, without white space around them.
    public var raw: [UInt8] { Array(bytes[range]) }

    /// True for `null`.
    public var isNull: Bool { kind == .null }

    /// An error about this value; `message` continues a sentence that begins with the value's path.
    public func error(_ message: String) -> JSONError {
        JSONError(path: path, message: message)
    }

    /// "must be …, but is …": with the number itself if it is one, otherwise with the kind.
    func mismatch(expected: String) -> JSONError {
        let shown = 32
        let found =
            switch kind {
            case .number where range.count > shown:
                String(decoding: bytes[range].prefix(shown), as: UTF8.self) + "…"
            case .number, .bool: String(decoding: bytes[range], as: UTF8.self)
            default: kind.phrase
            }
        return error("must be \(expected), but is \(found)")
    }
}
