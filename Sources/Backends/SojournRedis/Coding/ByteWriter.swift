#if Redis
import NIOCore
import SojournModel

/// How the parts of a task are written, in network byte order. Scripts cut at fixed offsets: see ``TaskBody`` and
/// ``TaskState``.
extension ByteBuffer {
    /// Stands for a text or bytes that are not there.
    private static let none = UInt32.max

    mutating func write(_ instant: Timestamp?) {
        writeInteger((instant ?? .distantPast).microseconds)
    }

    mutating func write(_ id: TaskID) {
        writeInteger(id.high)
        writeInteger(id.low)
    }

    mutating func write(_ token: LeaseToken) {
        writeInteger(token.high)
        writeInteger(token.low)
    }

    /// Bytes behind their length; nil stays nil.
    mutating func writeSection(_ bytes: [UInt8]?) {
        writeInteger(bytes.map { UInt32(clamping: $0.count) } ?? Self.none)
        if let bytes { writeBytes(bytes) }
    }

    /// A text behind its length; nil stays nil.
    mutating func writeSection(_ text: String?) {
        writeInteger(text.map { UInt32(clamping: $0.utf8.count) } ?? Self.none)
        if let text { writeString(text) }
    }

    mutating func readTimestamp() -> Timestamp? {
        guard let value = readInteger(as: Int64.self), value != Timestamp.distantPast.microseconds else { return nil }
        return Timestamp(microseconds: value)
    }

    mutating func readToken() -> LeaseToken? {
        guard let high = readInteger(as: UInt64.self), let low = readInteger(as: UInt64.self) else { return nil }
        return LeaseToken(high: high, low: low)
    }

    mutating func readTaskID() -> TaskID? {
        guard let high = readInteger(as: UInt64.self), let low = readInteger(as: UInt64.self) else { return nil }
        return TaskID(high: high, low: low)
    }

    /// The bytes behind their length; nil where there were none, or they are cut off.
    mutating func readSection() -> ByteBuffer? {
        guard let length = readInteger(as: UInt32.self), length != Self.none else { return nil }
        return readSlice(length: Int(length))
    }

    mutating func readTextSection() -> String? { readSection().map { String(buffer: $0) } }
}

#endif
