#if Redis
public import NIOCore

/// One command, already in the form in which it goes over the wire.
///
/// Copies share their bytes until one is changed, so what is always the same is prepared once:
/// `let push = Command("LPUSH", key: "{mail}:ready")`, then `var next = push; next.append(payload)`.
public struct Command: Sendable {
    /// How many words, the name included.
    public private(set) var count: Int
    /// The words, each with its length; without the head that says how many there are.
    private(set) var body: ByteBuffer
    /// Where in `body` the first key stands; a cluster finds the node by it. Nil: any node will do.
    private var keyRange: Range<Int>?
    /// The script to send in full where the server does not know it by its digest.
    private(set) var script: Script?

    /// A command from its words: `Command("SET", key: "a", "1")`. Without a key, a cluster sends it to any node.
    public init(_ name: String, key: String? = nil, _ words: String...) {
        self.init(name: name)
        if let key { append(key: key) }
        for word in words { append(word) }
    }

    /// A command that begins with `name`, with room for `capacity` bytes of words.
    public init(name: String, capacity: Int = 0) {
        self.count = 0
        self.body = ByteBufferAllocator().buffer(capacity: capacity + name.utf8.count + 16)
        append(name)
    }

    init(_ script: Script, keys: [String], capacity: Int) {
        self.count = 2
        self.script = script
        self.body = ByteBufferAllocator().buffer(capacity: script.byDigest.readableBytes + capacity + 8)
        body.writeImmutableBuffer(script.byDigest)
        append(keys.count)
        for key in keys { append(key: key) }
    }

    /// Adds a text.
    public mutating func append(_ text: String) {
        count += 1
        body.writeLength(text.utf8.count, mark: "$")
        body.writeString(text)
        body.writeLineEnd()
    }

    /// Adds bytes.
    public mutating func append(_ bytes: ByteBuffer) {
        count += 1
        body.writeLength(bytes.readableBytes, mark: "$")
        body.writeImmutableBuffer(bytes)
        body.writeLineEnd()
    }

    /// Adds bytes, for instance an array of them.
    public mutating func append(bytes: some Collection<UInt8>) {
        count += 1
        body.writeLength(bytes.count, mark: "$")
        body.writeBytes(bytes)
        body.writeLineEnd()
    }

    /// Adds a number, written as decimal digits.
    public mutating func append(_ number: Int) {
        count += 1
        body.writeLength(ByteBuffer.digits(of: number), mark: "$")
        body.writeDecimal(number)
        body.writeLineEnd()
    }

    /// Adds a key. The first one decides to which node of a cluster the command goes.
    public mutating func append(key: String) {
        let end = body.writerIndex
        append(key)
        guard keyRange == nil else { return }
        let start = end + 1 + ByteBuffer.digits(of: key.utf8.count) + 2
        keyRange = start..<(start + key.utf8.count)
    }

    /// Bytes of the whole command on the wire.
    var wireBytes: Int { 1 + ByteBuffer.digits(of: count) + 2 + body.readableBytes }

    /// The slot of the first key in a cluster; nil if there is no key.
    var slot: HashSlot? {
        guard let keyRange, let key = body.getSlice(at: keyRange.lowerBound, length: keyRange.count) else { return nil }
        return HashSlot(key: key.readableBytesView)
    }

    /// The same call with the script's source instead of its digest; itself if it is no script.
    var inFull: Command {
        guard let script else { return self }
        var full = self
        let rest = body.getSlice(
            at: script.byDigest.readableBytes, length: body.readableBytes - script.byDigest.readableBytes)
        full.body = script.inFull
        if let rest { full.body.writeImmutableBuffer(rest) }
        let shift = script.inFull.readableBytes - script.byDigest.readableBytes
        full.keyRange = keyRange.map { ($0.lowerBound + shift)..<($0.upperBound + shift) }
        full.script = nil
        return full
    }

    /// Writes the command as it goes over the wire.
    func write(to buffer: inout ByteBuffer) {
        buffer.writeLength(count, mark: "*")
        buffer.writeImmutableBuffer(body)
    }
}

extension Command: CustomStringConvertible {
    /// The name and the number of words. Never the words: there are payloads and passwords among them.
    public var description: String {
        let name = CommandName(body).text
        return count == 1 ? name : "\(name) with \(count - 1) words"
    }
}

/// The first word of a command's body.
private struct CommandName {
    let text: String

    init(_ body: ByteBuffer) {
        let words = body.readableBytesView.split(separator: UInt8(ascii: "\r"), maxSplits: 2)
        let name = words.count > 1 ? words[1].dropFirst() : []
        text = String(decoding: name, as: UTF8.self)
    }
}

extension ByteBuffer {
    /// A head such as `$12`, with its line end.
    fileprivate mutating func writeLength(_ length: Int, mark: Unicode.Scalar) {
        writeInteger(UInt8(ascii: mark))
        writeDecimal(length)
        writeLineEnd()
    }

    fileprivate mutating func writeLineEnd() { writeInteger(0x0D0A as UInt16) }

    /// Decimal digits without a `String` in between.
    fileprivate mutating func writeDecimal(_ number: Int) {
        let digits = Self.digits(of: number)
        writeWithUnsafeMutableBytes(minimumWritableBytes: digits) { target in
            var rest = number.magnitude
            var index = digits
            repeat {
                index -= 1
                target[index] = UInt8(truncatingIfNeeded: rest % 10) &+ 48
                rest /= 10
            } while rest > 0
            if number < 0 { target[0] = UInt8(ascii: "-") }
            return digits
        }
    }

    /// Characters of `number` written as a decimal.
    fileprivate static func digits(of number: Int) -> Int {
        var count = number < 0 ? 2 : 1
        var rest = number.magnitude / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }
}
#endif
