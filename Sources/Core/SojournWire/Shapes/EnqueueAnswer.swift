public import SojournCore
public import SojournModel

/// What became of one task that somebody enqueued.
public struct EnqueueAnswer: WireBody, Equatable {
    /// The task's identifier; that of the earlier task where the idempotency key is known.
    public var taskID: TaskID
    /// Where that task is in its life; nil where the idempotency key belongs to another request (only in a batch: alone
    /// that is a problem of its own).
    public var status: TaskStatus?
    /// The queue that was asked for.
    public var queue: QueueName
    /// The priority that was asked for.
    public var priority: Priority
    /// Whether the same request was accepted before.
    public var isDuplicate: Bool
    /// When the task will start, in seconds from now; nil where nobody can tell.
    public var estimatedStart: Duration?

    /// An answer from its parts.
    public init(
        taskID: TaskID, status: TaskStatus?, queue: QueueName, priority: Priority, isDuplicate: Bool = false,
        estimatedStart: Duration? = nil
    ) {
        self.taskID = taskID
        self.status = status
        self.queue = queue
        self.priority = priority
        self.isDuplicate = isDuplicate
        self.estimatedStart = estimatedStart
    }

    /// The word in place of a status for a task that was refused because its key belongs to another request.
    private static let conflict = "conflict"

    /// Reads an answer.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        let status = try body.required("status")
        let isConflict = (try? status.string(maxBytes: 16)) == Self.conflict
        self.init(
            taskID: try body.required("task_id").taskID(),
            status: isConflict ? nil : try status.choice(of: TaskStatus.self),
            queue: try body.required("queue").name(),
            priority: try body.required("priority").priority(),
            isDuplicate: try body.required("duplicate").bool(),
            estimatedStart: try body.optional("estimated_start_seconds")?.seconds(in: .zero...Limits.horizon))
    }

    /// Writes the answer.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("task_id", taskID)
            $0.field("status", status?.rawValue ?? Self.conflict)
            $0.field("queue", queue.rawValue)
            $0.field("priority", priority.name)
            $0.field("duplicate", isDuplicate)
            $0.field("estimated_start_seconds", seconds: estimatedStart)
        }
    }

    /// The answer as a producer sees it.
    public var result: InsertResult {
        if status == nil { return .conflict(with: taskID) }
        return isDuplicate ? .duplicate(of: taskID) : .inserted(taskID)
    }
}

/// What became of each task of a batch, in the order they were sent.
public struct EnqueueBatchAnswer: WireBody, Equatable {
    /// One answer per task.
    public var results: [EnqueueAnswer]

    /// An answer from its parts.
    public init(results: [EnqueueAnswer]) { self.results = results }

    /// Reads the answer.
    public init(json: JSONValue) throws(JSONError) {
        self.init(results: try json.object().required("results").elements(maxCount: Limits.enqueueBatch))
    }

    /// Writes `{"results":[…]}`.
    public func write(to writer: inout JSONWriter) { writer.object { $0.array("results", results) } }
}

extension JSONValue {
    /// The elements of this array, each read as `Element`.
    func elements<Element: WireBody>(maxCount: Int) throws(JSONError) -> [Element] {
        var elements: [Element] = []
        for element in try array(maxCount: maxCount) { elements.append(try Element(json: element)) }
        return elements
    }
}
