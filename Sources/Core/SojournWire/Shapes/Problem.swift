public import SojournModel

/// Why a request was refused (RFC 9457, `application/problem+json`).
public struct Problem: Error, WireBody, Hashable, CustomStringConvertible {
    /// The HTTP status code.
    public var status: Int
    /// What kind of problem it is, the same words every time.
    public var title: String
    /// What is wrong with this request: names the field and what is allowed there.
    public var detail: String
    /// A URI for the kind of problem; `about:blank` says that the status code tells all.
    public var type: String
    /// The task that the problem is about, such as the one that owns an idempotency key.
    public var taskID: TaskID?
    /// After how many seconds the request may succeed, if that is known; also in the header `Retry-After`.
    public var retryAfter: Int?

    /// A problem from its parts.
    public init(
        status: Int, title: String, detail: String, type: String = "about:blank", taskID: TaskID? = nil,
        retryAfter: Int? = nil
    ) {
        self.status = status
        self.title = title
        self.detail = detail
        self.type = type
        self.taskID = taskID
        self.retryAfter = retryAfter
    }

    /// Reads a problem.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        self.init(
            status: try body.required("status").int(in: 100...599),
            title: try body.optional("title")?.string(maxBytes: Limits.bodyBytes) ?? "",
            detail: try body.optional("detail")?.string(maxBytes: Limits.bodyBytes) ?? "",
            type: try body.optional("type")?.string(maxBytes: Limits.bodyBytes) ?? "about:blank",
            taskID: try body.optional("task_id")?.taskID(),
            retryAfter: try body.optional("retry_after_seconds")?.int(in: 0...Int.max))
    }

    /// Writes the problem.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("type", type)
            $0.field("title", title)
            $0.field("status", status)
            $0.field("detail", detail)
            if let taskID { $0.field("task_id", taskID) }
            if let retryAfter { $0.field("retry_after_seconds", retryAfter) }
        }
    }

    /// The status and the detail.
    public var description: String { "\(status) \(title): \(detail)" }
}
