/// A body that travels between server and client: what one side writes, the other reads.
///
/// A request is read strictly: a field that nobody knows is refused, because its sender expects something of it. An
/// answer is read leniently: a newer server may say more than this client knows.
public protocol WireBody: JSONWritable, Sendable {
    /// Reads the body; an error names the field and what is allowed there.
    init(json: JSONValue) throws(JSONError)
}

extension WireBody {
    /// Reads the body from the bytes of a whole JSON text. Deeper nesting is allowed than a request may have, because a
    /// payload that came in at the deepest level goes out inside other objects.
    public init(bytes: [UInt8]) throws(JSONError) {
        try self.init(json: JSONValue(validating: bytes, maxDepth: 128))
    }

    /// The body as JSON text.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }
}
