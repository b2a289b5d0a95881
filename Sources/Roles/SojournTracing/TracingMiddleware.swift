public import SojournCore
public import SojournModel
public import Tracing

/// Makes every attempt a span, below that of whoever enqueued the task. Spans that the handler makes are below it, and
/// ``TaskContext/traceparent`` is that of the attempt, so that `http` handlers hand it on.
public struct TracingMiddleware: TaskMiddleware {
    private let tracer: any Tracer

    /// Traces with `tracer`.
    public init(_ tracer: any Tracer) { self.tracer = tracer }

    /// Makes the attempt inside of a span.
    public func intercept(_ delivery: Delivery, context: TaskContext, next: Next) async -> Outcome {
        let parent = TraceContext.of(context.traceparent, tracer)
        return await tracer.withAnySpan("attempt \(context.type)", context: parent, ofKind: .consumer) { span in
            span.describe(delivery.message, "process")
            var context = context
            context.traceparent = TraceContext.traceparent(of: span.context, tracer) ?? context.traceparent
            let outcome = await next(delivery, context)
            span.describe(outcome)
            return outcome
        }
    }
}
