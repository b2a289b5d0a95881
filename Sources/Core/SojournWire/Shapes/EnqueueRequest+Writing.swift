public import SojournCore
import SojournModel

/// A task as a client asks for it.
///
/// Times are written relative to the client's own clock, as delays, so that a clock that is wrong does no harm.
public struct EnqueueBody: JSONWritable, Sendable {
    /// The task; its identifier and its attempts stay at home, the server gives it an identifier of its own.
    public let task: NewTask

    /// The body for one task. Its payload must be JSON.
    public init(_ task: NewTask) { self.task = task }

    /// Writes what differs from the defaults.
    public func write(to writer: inout JSONWriter) {
        let message = task.message
        writer.object { writer in
            writer.field("type", message.type.rawValue)
            writer.field("payload", raw: message.payload)
            if message.queue != .default { writer.field("queue", message.queue.rawValue) }
            if message.priority != .default { writer.field("priority", message.priority.name) }
            if message.tenant != .default { writer.field("tenant", message.tenant.rawValue) }
            if let key = task.idempotencyKey { writer.field("idempotency_key", key) }
            writeTimes(to: &writer)
            if let maxRetries = message.maxRetries { writer.field("max_retries", maxRetries) }
            if let retry = message.retry {
                writer.key("retry")
                retry.write(to: &writer)
            }
            if !task.tags.isEmpty { writer.array("tags", task.tags) }
            if let traceparent = message.traceparent, Traceparent.isValid(traceparent) {
                writer.field("traceparent", traceparent)
            }
        }
    }

    private func writeTimes(to writer: inout JSONWriter) {
        let message = task.message
        let delay = message.availableAt.duration(since: message.enqueuedAt)
        if delay > .zero { writer.field("delay_seconds", seconds: delay) }
        if let timeout = message.timeout { writer.field("timeout_seconds", seconds: timeout) }
        if let deadline = message.deadline {
            writer.field("deadline_seconds", seconds: deadline.duration(since: message.enqueuedAt))
        }
    }
}

/// Many tasks as a client asks for them.
public struct EnqueueBatchBody: JSONWritable, Sendable {
    /// The tasks.
    public let tasks: [NewTask]

    /// The body for a batch.
    public init(_ tasks: [NewTask]) { self.tasks = tasks }

    /// Writes `{"tasks":[…]}`.
    public func write(to writer: inout JSONWriter) {
        writer.object { $0.array("tasks", tasks.map(EnqueueBody.init)) }
    }
}
