#if Redis
/// What a server may make us hold. A reply past one of these limits ends the connection with
/// ``RESPError/Kind/protocolViolation``.
public struct WireLimits: Sendable, Equatable {
    /// Arrays within arrays.
    public var depth: Int
    /// Bytes of one bulk string.
    public var bulkBytes: Int
    /// Elements of one array, set or push; a map has half as many entries.
    public var elements: Int
    /// Bytes of one line: an error, a number, a simple string, the head of anything else.
    public var lineBytes: Int
    /// Bytes of one whole reply with everything in it.
    public var replyBytes: Int

    /// Enough for every command there is, and for batches of a thousand tasks with payloads of 256 KiB.
    public init(
        depth: Int = 32, bulkBytes: Int = 64 << 20, elements: Int = 1 << 20, lineBytes: Int = 64 << 10,
        replyBytes: Int = 256 << 20
    ) {
        precondition(depth >= 1 && bulkBytes >= 0 && elements >= 0 && lineBytes >= 32)
        // Buffers count with 32 bits, so a reply must stay well below four gigabytes.
        precondition(replyBytes >= max(bulkBytes, lineBytes) && replyBytes <= 1 << 30)
        self.depth = depth
        self.bulkBytes = bulkBytes
        self.elements = elements
        self.lineBytes = lineBytes
        self.replyBytes = replyBytes
    }
}
#endif
