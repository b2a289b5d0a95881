public import SojournCore
public import SojournModel

/// Whether a task was served within its promise: the one that was made when it was accepted, else its queue's present
/// one.
public struct SLAView: Sendable, Hashable {
    /// How long the task may wait.
    public var limit: Duration
    /// Whether it started by then; nil while nobody can tell.
    public var isMet: Bool?
    /// The bound of its wait that was quoted when it was accepted, if one was known.
    public var estimatedStart: Duration?
    /// The latest start that it was promised itself; nil where only its queue has a promise.
    public var promisedStart: Timestamp?

    /// A view from its parts.
    public init(
        limit: Duration, isMet: Bool?, estimatedStart: Duration? = nil, promisedStart: Timestamp? = nil
    ) {
        self.limit = limit
        self.isMet = isMet
        self.estimatedStart = estimatedStart
        self.promisedStart = promisedStart
    }

    /// How the record fares at `now` against its own promise, or else `queueLimit`; nil where there is neither.
    public init?(of record: TaskRecord, queueLimit: Duration?, now: Timestamp) {
        let own = record.message.promise
        guard let limit = own?.within ?? queueLimit else { return nil }
        self.limit = limit
        estimatedStart = own?.estimate
        promisedStart = own.map { record.message.availableAt.advanced(by: $0.within) }
        if let waited = record.waited {
            isMet = waited <= limit
        } else {
            // One that died without a start died in the line.
            let isLate = record.status == .queued && now.duration(since: record.message.availableAt) > limit
            isMet = isLate || record.status == .dead ? false : nil
        }
    }
}

/// A task as people and programs see it.
public struct TaskView: WireBody, Equatable {
    /// What is known about the task.
    public var record: TaskRecord
    /// How it fares against its promise, if it or its queue has one.
    public var sla: SLAView?
    /// Whether payload and result are shown; a listing leaves them out.
    public var isWhole: Bool

    /// A view from its parts.
    public init(_ record: TaskRecord, sla: SLAView? = nil, isWhole: Bool = true) {
        self.record = record
        self.sla = sla
        self.isWhole = isWhole
    }

    /// Reads a view.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        var attempts: [AttemptRecord] = []
        for element in try body.optional("attempts")?.array(maxCount: 10 * Limits.maxRetries) ?? [] {
            attempts.append(try AttemptRecord(json: element))
        }
        record = TaskRecord(
            message: try TaskMessage(body),
            status: try body.required("status").choice(of: TaskStatus.self),
            attempts: attempts,
            startedAt: try body.optional("started_at")?.timestamp(),
            finishedAt: try body.optional("finished_at")?.timestamp(),
            result: try body.opaque("result", encoded: "result_base64"),
            lastError: try body.optional("last_error")?.string(maxBytes: Limits.bodyBytes),
            deadReason: try body.optional("reason")?.choice(of: DeadReason.self),
            tags: try body.optional("tags")?.tags() ?? [],
            isCancelRequested: try body.optional("cancel_requested")?.bool() ?? false,
            waited: try body.optional("wait_seconds")?.seconds(in: .zero...Limits.horizon))
        sla = try body.optional("sla").map { json throws(JSONError) in try SLAView(json: json) }
        record.message.promise = sla?.ownPromise
        isWhole = body["payload"] != nil || body["payload_base64"] != nil
    }

    /// Writes the view.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            record.message.writeFields(to: &writer)
            writer.field("status", record.status.rawValue)
            if isWhole { writeBytes(to: &writer) }
            writer.array("tags", record.tags)
            writer.field("started_at", record.startedAt)
            writer.field("finished_at", record.finishedAt)
            writer.field("wait_seconds", seconds: record.waited)
            writer.field("last_error", record.lastError)
            writer.field("reason", record.deadReason?.rawValue)
            writer.field("cancel_requested", record.isCancelRequested)
            writer.array("attempts") { writer in
                for attempt in record.attempts { attempt.write(to: &writer) }
            }
            if let sla { sla.write(to: &writer) }
        }
    }

    private func writeBytes(to writer: inout JSONWriter) {
        writer.opaque("payload", encoded: "payload_base64", record.message.payload)
        if let result = record.result { writer.opaque("result", encoded: "result_base64", result) }
    }
}

extension AttemptRecord {
    fileprivate init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        self.init(
            number: try body.required("number").int(in: 0...Int.max),
            worker: try body.optional("worker")?.string(maxBytes: Limits.bodyBytes) ?? "",
            startedAt: try body.required("started_at").timestamp(),
            finishedAt: try body.optional("finished_at")?.timestamp(),
            outcome: try body.optional("outcome")?.string(maxBytes: 64),
            error: try body.optional("error")?.string(maxBytes: Limits.bodyBytes))
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("number", number)
            $0.field("worker", worker)
            $0.field("started_at", startedAt)
            $0.field("finished_at", finishedAt)
            $0.field("outcome", outcome)
            $0.field("error", error)
        }
    }
}

extension SLAView {
    fileprivate init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        self.init(
            limit: try body.required("limit_seconds").seconds(in: .zero...Limits.horizon),
            isMet: try body.optional("met")?.bool(),
            estimatedStart: try body.optional("estimated_start_seconds")?.seconds(in: .zero...Limits.horizon),
            promisedStart: try body.optional("promised_start")?.timestamp())
    }

    /// What the task itself was promised.
    fileprivate var ownPromise: StartPromise? {
        promisedStart == nil ? nil : StartPromise(within: limit, estimate: estimatedStart)
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object("sla") {
            $0.field("limit_seconds", seconds: limit)
            $0.field("met", isMet)
            $0.field("estimated_start_seconds", seconds: estimatedStart)
            $0.field("promised_start", promisedStart)
        }
    }
}

/// A part of a listing of tasks or dead letters.
public struct TaskPageView: WireBody, Equatable {
    /// The tasks, newest first.
    public var tasks: [TaskView]
    /// Where the next page begins; nil at the end.
    public var cursor: String?

    /// A page from its parts.
    public init(tasks: [TaskView], cursor: String?) {
        self.tasks = tasks
        self.cursor = cursor
    }

    /// Reads a page.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        self.init(
            tasks: try body.required("tasks").elements(maxCount: Limits.page),
            cursor: try body.optional("cursor")?.string(maxBytes: 1_024))
    }

    /// Writes the page.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.array("tasks", tasks)
            $0.field("cursor", cursor)
        }
    }
}
