public import SojournCore
public import SojournModel
public import Tracing

/// Makes spans of what happens to tasks that carry a trace context: the wait until a worker has them, and the writing
/// down of what came of an attempt. A task without a context costs one look.
public struct TaskTracer: TaskObserver {
    private let tracer: any Tracer
    private let time: any TimeSource

    /// Traces with `tracer`.
    public init(_ tracer: any Tracer, time: any TimeSource = SystemTime()) {
        self.tracer = tracer
        self.time = time
    }

    /// The wait: from when the task could start until a worker has it.
    public func claimed(_ deliveries: [Delivery], at now: Timestamp) {
        for delivery in deliveries where delivery.message.traceparent != nil {
            let message = delivery.message
            let span = start("wait \(message.queue)", message, at: min(message.availableAt, now))
            span.describe(message, "receive")
            span.end(at: now.traced)
        }
    }

    /// The settling: from the end of the handler until it is written down.
    public func ended(_ results: [AttemptResult], _ statuses: [SettlementStatus]) {
        let now = time.now()
        for (result, status) in zip(results, statuses) {
            let message = result.report.delivery.message
            guard message.traceparent != nil else { continue }
            let span = start("settle \(message.queue)", message, at: min(result.report.finishedAt, now))
            span.describe(message, "settle")
            span.describe(result.report.outcome)
            span.attributes["sojourn.status"] = status == .settled ? result.verdict.status.rawValue : "lease_lost"
            span.end(at: now.traced)
        }
    }

    /// The wait that ended in death.
    public func expired(_ messages: [TaskMessage]) {
        let now = time.now()
        for message in messages where message.traceparent != nil {
            let span = start("wait \(message.queue)", message, at: min(message.availableAt, now))
            span.describe(message, "receive")
            span.attributes["sojourn.status"] = TaskStatus.dead.rawValue
            span.setStatus(SpanStatus(code: .error, message: DeadReason.deadline.rawValue))
            span.end(at: now.traced)
        }
    }

    /// Not traced here: see ``TracingSink``.
    public func inserted(_ tasks: [NewTask], _ results: [InsertResult]) {}
    /// Not traced here: see ``TracingSink``.
    public func refused(_ tasks: [NewTask], _ error: BackendError) {}

    private func start(_ name: String, _ message: TaskMessage, at instant: Timestamp) -> any Span {
        tracer.begin(name, below: TraceContext.of(message.traceparent, tracer), .internal, at: instant.traced)
    }
}
