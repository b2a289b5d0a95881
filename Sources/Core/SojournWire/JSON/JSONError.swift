/// What is wrong with a JSON text, in words that can be sent back to whoever wrote it.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The field in question, such as `retry.base_ms` or `tasks[3].type`; empty for the whole text.
    public let path: String
    /// The rest of the sentence that `path` begins, without a full stop: "is required".
    public let message: String
    /// Where the text stops being JSON, in bytes from its start; nil when the text is JSON but its content is refused.
    public let offset: Int?

    /// An error about the field at `path`; see the properties for what each part means.
    public init(path: String, message: String, offset: Int? = nil) {
        self.path = path
        self.message = message
        self.offset = offset
    }

    /// The whole sentence, without a full stop: "retry.base_ms must be a whole number, but is a string".
    public var description: String {
        "\(path.isEmpty ? "the JSON text" : path) \(message)"
    }
}
