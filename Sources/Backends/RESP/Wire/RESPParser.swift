#if Redis
import NIOCore

/// Cuts a stream of bytes into values, however it is split into pieces.
///
/// It keeps its place between pieces, so every byte is looked at once; it has no recursion, so nesting cannot exhaust
/// the stack; it reserves memory for what has arrived, never for what a length promises.
struct RESPParser {
    /// Why the stream is not RESP, or too large: a sentence for ``RESPError/message``. Nothing can be read after it.
    struct Violation: Error, Equatable {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    /// An array, map, set, push or attribute that is still being filled.
    struct Frame {
        let mark: UInt8
        var missing: Int
        var elements: [RESPValue] = []
    }

    /// A bulk string, bulk error or verbatim text whose head has been read.
    struct OpenBulk {
        let mark: UInt8
        let length: Int
    }

    let limits: WireLimits
    private(set) var unread = ByteBuffer()
    var frames: [Frame] = []
    var openBulk: OpenBulk?
    /// Bytes of the unfinished line that were already searched for its end.
    private var searched = 0
    private(set) var replyBytes = 0

    init(limits: WireLimits = WireLimits()) { self.limits = limits }

    /// Adds what was read from the socket.
    mutating func append(_ piece: ByteBuffer) {
        guard unread.readableBytes > 0 else {
            unread = piece
            return
        }
        var piece = piece
        if unread.readerIndex > 0 {
            // Values handed out share the old memory; only the unfinished rest moves on.
            var rest = ByteBuffer()
            rest.reserveCapacity(unread.readableBytes + piece.readableBytes)
            rest.writeImmutableBuffer(unread)
            unread = rest
        }
        unread.writeBuffer(&piece)
    }

    /// The next whole value, or nil until more bytes arrive.
    mutating func next() throws(Violation) -> RESPValue? {
        while let token = try nextToken() {
            guard let value = close(with: token) else { continue }
            replyBytes = 0
            return value
        }
        guard replyBytes + unread.readableBytes <= limits.replyBytes else {
            throw Violation("a reply of more than \(limits.replyBytes) bytes")
        }
        return nil
    }

    /// The next value that has no unread parts: a scalar, or an aggregate without elements. Opens frames on its way.
    private mutating func nextToken() throws(Violation) -> RESPValue? {
        if let bulk = openBulk { return try readBulk(bulk) }
        while let line = try readLine() {
            if let token = try token(of: line) { return token }
            if let bulk = openBulk { return try readBulk(bulk) }
        }
        return nil
    }

    /// Puts `token` where it belongs, and closes every aggregate it completes; the whole value if none is left open.
    private mutating func close(with token: RESPValue) -> RESPValue? {
        var value = token
        while var frame = frames.popLast() {
            frame.elements.append(value)
            frame.missing -= 1
            guard frame.missing == 0 else {
                frames.append(frame)
                return nil
            }
            // An attribute is a remark about the value that follows it.
            guard frame.mark != Mark.attribute else { return nil }
            value = aggregate(frame.mark, frame.elements)
        }
        return value
    }

    /// Memory set aside for the value that is not whole yet, the unread bytes included.
    var reservedBytes: Int {
        frames.reduce(unread.capacity) { $0 + $1.elements.capacity * MemoryLayout<RESPValue>.stride }
    }

    func aggregate(_ mark: UInt8, _ elements: [RESPValue]) -> RESPValue {
        switch mark {
        case Mark.map: .map(elements)
        case Mark.set: .set(elements)
        case Mark.push: .push(elements)
        default: .array(elements)
        }
    }
}

// MARK: Lines and bulks

extension RESPParser {
    /// One line without its end; nil until it is there in full.
    private mutating func readLine() throws(Violation) -> ByteBuffer? {
        let length = unread.withUnsafeReadableBytes { bytes in
            bytes.dropFirst(searched).firstIndex(of: UInt8(ascii: "\n")).map { $0 - bytes.startIndex }
        }
        guard (length ?? unread.readableBytes) <= limits.lineBytes else {
            throw Violation("a line of more than \(limits.lineBytes) bytes")
        }
        guard let length else {
            searched = unread.readableBytes
            return nil
        }
        searched = 0
        guard var line = unread.readSlice(length: length + 1), length >= 2 else {
            throw Violation("an empty line where a value must begin")
        }
        guard line.getInteger(at: line.readerIndex + length - 1, as: UInt8.self) == UInt8(ascii: "\r") else {
            throw Violation("a line that does not end with CR LF")
        }
        line.moveWriterIndex(to: line.writerIndex - 2)
        try count(length + 1)
        return line
    }

    private mutating func readBulk(_ bulk: OpenBulk) throws(Violation) -> RESPValue? {
        guard unread.readableBytes >= bulk.length + 2 else { return nil }
        guard let bytes = unread.readSlice(length: bulk.length),
            unread.readInteger(as: UInt16.self) == 0x0D0A
        else { throw Violation("a bulk string that does not end with CR LF") }
        openBulk = nil
        try count(bulk.length + 2)
        switch bulk.mark {
        case Mark.bulkError: return .error(String(buffer: bytes))
        case Mark.verbatim: return try verbatim(bytes)
        default: return .bulk(bytes)
        }
    }

    private func verbatim(_ bytes: ByteBuffer) throws(Violation) -> RESPValue {
        var text = bytes
        guard let format = text.readString(length: 3), text.readInteger(as: UInt8.self) == UInt8(ascii: ":") else {
            throw Violation("a verbatim text without its format")
        }
        return .verbatim(format: format, text)
    }

    private mutating func count(_ bytes: Int) throws(Violation) {
        replyBytes += bytes
        guard replyBytes <= limits.replyBytes else {
            throw Violation("a reply of more than \(limits.replyBytes) bytes")
        }
    }
}
#endif
