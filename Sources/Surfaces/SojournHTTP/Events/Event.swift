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

/// A task whose attempt ended.
struct EndedTask: JSONWritable {
    let queue: QueueName
    private let result: AttemptResult

    init(_ result: AttemptResult) {
        self.result = result
        queue = result.report.delivery.message.queue
    }

    func write(to writer: inout JSONWriter) {
        let (report, message) = (result.report, result.report.delivery.message)
        writer.object {
            $0.field("task_id", message.id.description)
            $0.field("queue", message.queue.rawValue)
            $0.field("type", message.type.rawValue)
            $0.field("priority", message.priority.name)
            $0.field("tenant", message.tenant.rawValue)
            $0.field("status", result.verdict.status.rawValue)
            $0.field("attempt", message.attempt)
            $0.field("outcome", report.outcome.name)
            // The whole text is with the task; an event is a glance.
            $0.field("error", report.outcome.storedError.map { String($0.prefix(300)) })
            $0.field("wait_seconds", seconds: max(.zero, report.startedAt.duration(since: message.availableAt)))
            $0.field("run_seconds", seconds: max(.zero, report.finishedAt.duration(since: report.startedAt)))
            $0.field("worker", report.worker)
        }
    }
}
#endif
