/// A text that must not appear in a log: printing, dumping or interpolating it shows ``description`` instead.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself.
    public let value: String
    /// What may be shown, for example `https://mail.internal/…`.
    public let description: String

    /// Hides `value` behind `description`.
    public init(_ value: String, shownAs description: String = "(hidden)") {
        self.value = value
        self.description = description
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Without children: `dump` walks mirrors and would find the text.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
