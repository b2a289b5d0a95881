#if Redis
public import NIOCore

/// A value as the server sent it, in RESP2 or RESP3.
///
/// Attributes (`|`) are read and dropped: they are remarks, not replies.
public enum RESPValue: Sendable, Equatable {
    /// `+OK`: a short text.
    case simple(String)
    /// `-ERR …`, or `!` in RESP3: the server refused; ``RESPError`` tells what that means.
    case error(String)
    /// `:42`.
    case integer(Int)
    /// `$3`: bytes. They share the memory of what was read from the socket; copy what you keep for long.
    case bulk(ByteBuffer)
    /// `*2`.
    case array([RESPValue])
    /// `_`, and `$-1` or `*-1` in RESP2.
    case null
    /// `%1`: keys and values by turns, so that it reads like the flat array which RESP2 sends instead.
    case map([RESPValue])
    /// `~2`: no order, no value twice.
    case set([RESPValue])
    /// `>2`: sent without being asked for.
    case push([RESPValue])
    /// `,1.5`.
    case double(Double)
    /// `#t`.
    case boolean(Bool)
    /// `(123…`: a whole number of any size, as its digits.
    case bigNumber(String)
    /// `=7`: a text and what it is written in (`txt`, `mkd`).
    case verbatim(format: String, ByteBuffer)
}

extension RESPValue {
    /// The elements of an array, set, push or map (keys and values by turns); nil for anything else.
    public var elements: [RESPValue]? {
        switch self {
        case .array(let elements), .set(let elements), .push(let elements), .map(let elements): elements
        default: nil
        }
    }

    /// The bytes of a bulk string or verbatim text; nil for anything else.
    public var bytes: ByteBuffer? {
        switch self {
        case .bulk(let bytes), .verbatim(_, let bytes): bytes
        default: nil
        }
    }

    /// Any kind of text, with bytes that are not UTF-8 replaced; nil for anything else.
    public var text: String? {
        switch self {
        case .simple(let text), .bigNumber(let text): text
        default: bytes.map { String(buffer: $0) }
        }
    }

    /// An integer, or a text that is one (RESP2 sends numbers from scripts and hashes as text).
    public var integer: Int? {
        switch self {
        case .integer(let number): number
        case .boolean(let flag): flag ? 1 : 0
        default: text.flatMap { Int($0) }
        }
    }

    /// Whether the server said `null`.
    public var isNull: Bool { self == .null }

    /// The value under `key` in a map, or in the flat array of keys and values which RESP2 sends instead.
    public subscript(key: String) -> RESPValue? {
        guard let elements else { return nil }
        var index = 0
        while index + 1 < elements.count {
            if elements[index].text == key { return elements[index + 1] }
            index += 2
        }
        return nil
    }
}
#endif
