public import SojournModel

/// By what a server knows a replay that it goes on with: sixteen hexadecimal digits, so that nobody stops one by a
/// slip, or that of another server.
public struct ReplayID: Sendable, Hashable, CustomStringConvertible {
    private let number: UInt64

    /// A new one.
    public init() { number = .random(in: .min ... .max) }

    /// Reads one; nil where the text is none.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.digits, text.allSatisfy(\.isHexDigit), let number = UInt64(text, radix: 16)
        else { return nil }
        self.number = number
    }

    /// Its digits.
    public var description: String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: Self.digits - text.count) + text
    }

    private static let digits = 16
}

/// A replay with a rate that a server carries out, as `GET /dead-letters/replays` shows it.
public struct ReplayView: WireBody, Equatable {
    /// Which replay.
    public var id: ReplayID
    /// What was asked for.
    public var request: ReplayBody
    /// How many dead letters have gone back so far, those of which nobody knows included.
    public var replayed: Int
    /// When it began.
    public var startedAt: Timestamp
    /// Why it does not go on just now: what the store says; nil while it does.
    public var heldUpBy: String?

    /// A view from its parts.
    public init(id: ReplayID, request: ReplayBody, replayed: Int, startedAt: Timestamp, heldUpBy: String? = nil) {
        self.id = id
        self.request = request
        self.replayed = replayed
        self.startedAt = startedAt
        self.heldUpBy = heldUpBy
    }

    /// Reads a view.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        self.init(
            id: try body.required("replay_id").replayID(),
            request: try ReplayBody(in: body),
            replayed: try body.required("replayed").int(in: 0...Int.max),
            startedAt: try body.required("started_at").timestamp(),
            heldUpBy: try body.optional("held_up_by")?.string(maxBytes: Limits.errorBytes))
    }

    /// Writes the view.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("replay_id", id.description)
            request.writeFields(to: &$0)
            $0.field("replayed", replayed)
            $0.field("started_at", startedAt)
            $0.field("held_up_by", heldUpBy)
        }
    }
}

/// The answer to `GET /dead-letters/replays`.
public struct ReplayListView: WireBody, Equatable {
    /// Replays that go on, oldest first.
    public var replays: [ReplayView]

    /// A list from its part.
    public init(replays: [ReplayView]) { self.replays = replays }

    /// Reads a list.
    public init(json: JSONValue) throws(JSONError) {
        self.init(replays: try json.object().required("replays").elements(maxCount: Limits.page))
    }

    /// Writes the list.
    public func write(to writer: inout JSONWriter) { writer.object { $0.array("replays", replays) } }
}
