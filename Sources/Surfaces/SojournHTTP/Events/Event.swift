#if HTTP
import NIOCore
import SojournCore
import SojournModel
import SojournWire

/// One event as it is sent.
enum Event {
    case queues([QueueView], at: Timestamp)
    case decision(DecisionEvent)
    /// Some of the tasks that ended, and how many others did.
    case tasks([EndedTask], omitted: Int, at: Timestamp)
    /// The reader was too slow for so many events.
    case gap(Int)

    fileprivate var name: StaticString {
        switch self {
        case .queues: "queues"
        case .decision: "decision"
        case .tasks: "tasks"
        case .gap: "gap"
        }
    }
}

extension Event: JSONWritable {
    func write(to writer: inout JSONWriter) {
        switch self {
        case .queues(let views, let now):
            writer.object {
                $0.field("at", now)
                $0.array("queues", views)
            }
        case .decision(let decision): decision.write(to: &writer)
        case .tasks(let tasks, let omitted, let now):
            writer.object {
                $0.field("at", now)
                $0.array("tasks", tasks)
                $0.field("omitted", omitted)
            }
        case .gap(let missed): writer.object { $0.field("missed", missed) }
        }
    }
}

extension ByteBuffer {
    /// A comment, which readers pass over.
    static let silence = ByteBuffer(string: ":\n\n")

    /// An event in the form of server-sent events. JSON has no line breaks, so the data is one line.
    init(event: Event) {
        var writer = JSONWriter()
        writer.value(event)
        self.init()
        writeString("event: \(event.name)\ndata: ")
        writeBytes(writer.bytes)
        writeString("\n\n")
    }
}

/// A scaling decision, and whose it is.
struct DecisionEvent: JSONWritable {
    let queue: QueueName
    let decision: ScalingDecision

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("queue", queue.rawValue)
            decision.writeFields(to: &$0)
        }
    }
}

/// A task that ended, or an attempt after which it waits again.
struct EndedTask: JSONWritable {
    private enum End {
        case attempt(AttemptResult)
        case expired(TaskMessage, at: Timestamp)
    }

    private let end: End

    init(_ result: AttemptResult) { end = .attempt(result) }

    /// One that died in the line.
    init(expired message: TaskMessage, at now: Timestamp) { end = .expired(message, at: now) }

    func write(to writer: inout JSONWriter) {
        writer.object {
            switch end {
            case .attempt(let result): Self.write(result, to: &$0)
            case .expired(let message, let now):
                Self.write(message, .dead, to: &$0)
                $0.field("error", "It was still waiting at its deadline.")
                $0.field("wait_seconds", seconds: max(.zero, now.duration(since: message.availableAt)))
            }
        }
    }

    private static func write(_ message: TaskMessage, _ status: TaskStatus, to writer: inout JSONWriter) {
        writer.field("task_id", message.id.description)
        writer.field("queue", message.queue.rawValue)
        writer.field("type", message.type.rawValue)
        writer.field("priority", message.priority.name)
        writer.field("tenant", message.tenant.rawValue)
        writer.field("status", status.rawValue)
        writer.field("attempt", message.attempt)
    }

    private static func write(_ result: AttemptResult, to writer: inout JSONWriter) {
        let (report, message) = (result.report, result.report.delivery.message)
        write(message, result.verdict.status, to: &writer)
        writer.field("outcome", report.outcome.name)
        // The whole text is with the task; an event is a glance.
        writer.field("error", report.outcome.storedError.map { String($0.prefix(300)) })
        writer.field("wait_seconds", seconds: max(.zero, report.startedAt.duration(since: message.availableAt)))
        writer.field("run_seconds", seconds: max(.zero, report.finishedAt.duration(since: report.startedAt)))
        writer.field("worker", report.worker)
    }
}
#endif
