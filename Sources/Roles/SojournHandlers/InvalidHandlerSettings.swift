/// Settings that no handler can work with: found when the handler is made, before any task runs.
public struct InvalidHandlerSettings: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which setting, as it is called in the configuration: `url`, `headers.host`.
    public let field: String
    /// The rest of the sentence that `field` begins, without a full stop: "must be an http or https URL".
    public let message: String

    init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }

    /// The whole sentence, without a full stop.
    public var description: String { "\(field) \(message)" }

    /// How long one attempt may be allowed to take.
    static let timeouts: ClosedRange<Duration> = .milliseconds(100) ... .seconds(86_400)

    static func check(timeout: Duration) throws(InvalidHandlerSettings) {
        guard timeouts.contains(timeout) else {
            throw InvalidHandlerSettings("timeout", "must be 100 ms to 24 h, but is \(timeout)")
        }
    }
}
