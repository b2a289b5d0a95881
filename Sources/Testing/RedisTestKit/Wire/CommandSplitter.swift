#if Redis
import NIOCore

/// Cuts what a client sends into commands. It trusts the client: this is for our own.
struct CommandSplitter {
    /// One command as it came over the wire.
    struct Piece {
        /// Its first word, in capitals.
        let name: String
        let bytes: ByteBuffer
    }

    private var unread = ByteBuffer()

    mutating func append(_ bytes: ByteBuffer) { unread.writeImmutableBuffer(bytes) }

    /// The next whole command; nil until more bytes arrive.
    mutating func next() -> Piece? {
        var rest = unread
        guard let count = Self.number(behind: "*", in: &rest) else { return nil }
        var name = ""
        for index in 0..<count {
            guard let length = Self.number(behind: "$", in: &rest), let word = rest.readSlice(length: length),
                rest.readSlice(length: 2) != nil
            else { return nil }
            if index == 0 { name = String(buffer: word).uppercased() }
        }
        guard let bytes = unread.readSlice(length: unread.readableBytes - rest.readableBytes) else { return nil }
        unread.discardReadBytes()
        return Piece(name: name, bytes: bytes)
    }

    /// A line such as `$12`.
    private static func number(behind mark: Unicode.Scalar, in bytes: inout ByteBuffer) -> Int? {
        guard let length = bytes.readableBytesView.firstIndex(of: UInt8(ascii: "\n")),
            let line = bytes.readString(length: length - bytes.readerIndex + 1), line.unicodeScalars.first == mark
        else { return nil }
        return Int(line.dropFirst().prefix { $0.isNumber })
    }
}
#endif
