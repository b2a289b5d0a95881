public import SojournCore
public import SojournModel

/// The body of `POST /dead-letters/replay`: which dead letters go back, and how fast.
public struct ReplayBody: WireBody, Equatable {
    /// Most dead letters that one request puts back.
    public static let most = 100_000
    /// How many it puts back unless it says otherwise.
    public static let usual = 10_000

    /// Which dead letters; without conditions, all of them.
    public var filter: TaskFilter
    /// How many at most.
    public var limit: Int
    /// How many per second; nil = at once.
    public var ratePerSecond: Double?

    /// A body from its parts.
    public init(filter: TaskFilter = TaskFilter(), limit: Int = usual, ratePerSecond: Double? = nil) {
        self.filter = filter
        self.limit = limit
        self.ratePerSecond = ratePerSecond
    }

    /// The names of all fields.
    public static let fields = ["queue", "type", "error", "task_ids", "limit", "rate_per_second"]

    /// Reads a body.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        try body.refuseUnknownFields(allowed: Self.fields)
        try self.init(in: body)
    }

    /// Reads its fields among others.
    init(in body: JSONObject) throws(JSONError) {
        filter = TaskFilter(
            queue: try body.optional("queue")?.name(),
            type: try body.optional("type")?.name(),
            error: try body.optional("error")?.string(maxBytes: 1_024),
            ids: try body.optional("task_ids")?.taskIDs())
        limit = try body.optional("limit")?.int(in: 1...Self.most) ?? Self.usual
        ratePerSecond = try body.optional("rate_per_second")?.double(in: 0.01...100_000)
    }

    /// Writes the body.
    public func write(to writer: inout JSONWriter) {
        writer.object { writeFields(to: &$0) }
    }

    /// Writes its fields among others.
    func writeFields(to writer: inout JSONWriter) {
        if let queue = filter.queue { writer.field("queue", queue.rawValue) }
        if let type = filter.type { writer.field("type", type.rawValue) }
        if let error = filter.error { writer.field("error", error) }
        if let ids = filter.ids { writer.array("task_ids", ids.map(\.description)) }
        writer.field("limit", limit)
        if let ratePerSecond { writer.field("rate_per_second", ratePerSecond) }
    }
}

/// The answer to `POST /dead-letters/replay`.
public struct ReplayAnswer: WireBody, Equatable {
    /// How many dead letters have gone back so far.
    public var replayed: Int
    /// Whether the server puts them back by itself, at the rate that was asked for.
    public var goesOn: Bool
    /// Under which identifier it does.
    public var replayID: ReplayID?

    /// An answer from its parts.
    public init(replayed: Int, goesOn: Bool = false, replayID: ReplayID? = nil) {
        self.replayed = replayed
        self.goesOn = goesOn
        self.replayID = replayID
    }

    /// Reads an answer.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        self.init(
            replayed: try body.required("replayed").int(in: 0...Int.max),
            goesOn: try body.optional("in_background")?.bool() ?? false,
            replayID: try body.optional("replay_id")?.replayID())
    }

    /// Writes the answer.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("replayed", replayed)
            if goesOn { $0.field("in_background", true) }
            if let replayID { $0.field("replay_id", replayID.description) }
        }
    }
}

/// The answer to `DELETE /dead-letters`.
public struct PurgeAnswer: WireBody, Equatable {
    /// How many dead letters were deleted.
    public var deleted: Int

    /// An answer from its part.
    public init(deleted: Int) { self.deleted = deleted }

    /// Reads an answer.
    public init(json: JSONValue) throws(JSONError) {
        self.init(deleted: try json.object().required("deleted").int(in: 0...Int.max))
    }

    /// Writes the answer.
    public func write(to writer: inout JSONWriter) { writer.object { $0.field("deleted", deleted) } }
}

extension JSONValue {
    fileprivate func taskIDs() throws(JSONError) -> [TaskID] {
        var ids: [TaskID] = []
        for element in try array(maxCount: Limits.claimBatch) { ids.append(try element.taskID()) }
        return ids
    }
}

/// The answer to `POST /tasks/{task_id}/cancel`.
public struct CancelAnswer: WireBody, Equatable {
    /// Which task.
    public var taskID: TaskID
    /// Where it is now: `cancelled`, or `running` until its handler has seen the wish.
    public var status: TaskStatus

    /// An answer from its parts.
    public init(taskID: TaskID, status: TaskStatus) {
        self.taskID = taskID
        self.status = status
    }

    /// Reads an answer.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        self.init(
            taskID: try body.required("task_id").taskID(),
            status: try body.required("status").choice(of: TaskStatus.self))
    }

    /// Writes the answer.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("task_id", taskID)
            $0.field("status", status.rawValue)
        }
    }
}
