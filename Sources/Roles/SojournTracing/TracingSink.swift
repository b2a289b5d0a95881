public import SojournCore
import SojournModel
public import Tracing

/// A sink whose enqueues are spans, and whose tasks carry them along: what a task causes is found below what caused it.
public struct TracingSink: TaskSink {
    private let base: any TaskSink
    private let tracer: any Tracer

    /// Traces what goes into `base`.
    public init(_ base: any TaskSink, _ tracer: any Tracer) {
        self.base = base
        self.tracer = tracer
    }

    /// Accepts tasks; those that carry no trace context get that of this call.
    public func enqueue(_ tasks: [NewTask]) async throws(BackendError) -> [InsertResult] {
        guard let first = tasks.first?.message else { return try await base.enqueue(tasks) }
        let span = tracer.begin(
            "enqueue \(first.queue)", below: .current ?? .topLevel, .producer, at: DefaultTracerClock.now)
        defer { span.end() }
        span.describe(first, "send")
        span.attributes["messaging.batch.message_count"] = tasks.count
        let traceparent = TraceContext.traceparent(of: span.context, tracer)
        let traced = tasks.map { task in
            var task = task
            task.message.traceparent = task.message.traceparent ?? traceparent
            return task
        }
        do throws(BackendError) {
            return try await base.enqueue(traced)
        } catch {
            span.recordError(error)
            span.setStatus(SpanStatus(code: .error, message: error.message))
            throw error
        }
    }
}
