#if HTTP
public import SojournCore

/// How patient a client is.
public struct ClientConfiguration: Sendable {
    /// The key to show, as `Authorization: Bearer …`.
    public var apiKey: String?
    /// How long a connection may take to be made.
    public var connectTime = Duration.seconds(5)
    /// How long an answer may take, besides the time that a claim waits for tasks.
    public var answerTime = Duration.seconds(30)
    /// How often a call that may be repeated is made, the first time included.
    public var attempts = 5
    /// The longest pause before the first repetition; it doubles each time, and chance shortens it.
    public var firstPause = Duration.milliseconds(100)
    /// The longest pause of all.
    public var longestPause = Duration.seconds(2)
    /// The clock.
    public var time: any TimeSource = SystemTime()

    /// The usual patience.
    public init(apiKey: String? = nil) { self.apiKey = apiKey }
}

extension ClientConfiguration: CustomStringConvertible, CustomReflectable {
    /// Without the key: whoever prints a client, as libraries do in their logs, prints this with it.
    public var description: String { "ClientConfiguration(\(apiKey == nil ? "no key" : "with a key"))" }

    /// Without children: `dump` walks mirrors and would find the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
#endif
