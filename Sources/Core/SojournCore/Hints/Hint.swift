public import SojournModel

/// The tasks of one type in one lane. They are hinted in one line, so that a worker that knows only some types need
/// not look at the others.
public struct HintLine: Sendable, Hashable {
    /// The lane.
    public var lane: Lane
    /// The type.
    public var type: TaskType

    /// A line from its parts.
    public init(lane: Lane, type: TaskType) {
        self.lane = lane
        self.type = type
    }
}

/// Says that a task waits for a worker, where, and since when. Only the store knows whether that is still so: a hint
/// may be stale, doubled or lost, and nothing but time is lost with it. A task that comes to wait again does so since
/// another instant, so a hint that was left behind by an earlier wait does not let it overtake others.
public struct Hint: Sendable, Hashable {
    /// Which task.
    public var id: TaskID
    /// Where it waits.
    public var line: HintLine
    /// When it became available: its place in the line.
    public var availableAt: Timestamp

    /// A hint from its parts.
    public init(id: TaskID, line: HintLine, availableAt: Timestamp) {
        self.id = id
        self.line = line
        self.availableAt = availableAt
    }

    /// The hint of a task that is available.
    public init(_ message: TaskMessage) {
        self.init(
            id: message.id, line: HintLine(lane: message.lane, type: message.type), availableAt: message.availableAt)
    }
}
