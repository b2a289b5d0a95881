import SojournModel

/// The body of `POST /leases/leave`: a worker claims no more.
public struct LeaveBody: WireBody, Equatable {
    /// Its name, as in its claims.
    public var worker: String

    /// A body from its parts.
    public init(worker: String) { self.worker = worker }

    /// Reads a body.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        try body.refuseUnknownFields(allowed: ["worker"])
        worker = try body.required("worker").name(QueueName.self).rawValue
    }

    /// Writes the body.
    public func write(to writer: inout JSONWriter) { writer.object { $0.field("worker", worker) } }
}

/// The answer to `POST /leases/leave`.
public struct LeaveAnswer: WireBody, Equatable {
    /// How many claims of that worker waited for tasks, and wait no more.
    public var ended: Int

    /// An answer from its parts.
    public init(ended: Int) { self.ended = ended }

    /// Reads an answer.
    public init(json: JSONValue) throws(JSONError) {
        ended = try json.object().required("ended").int(in: 0...Int.max)
    }

    /// Writes the answer.
    public func write(to writer: inout JSONWriter) { writer.object { $0.field("ended", ended) } }
}
