import SojournCore
import SojournModel
import Tracing

/// The W3C trace context that a task carries, as a tracer reads and writes it.
enum TraceContext {
    /// The context of whoever enqueued the task; empty where it carries none.
    static func of(_ traceparent: String?, _ tracer: any Tracer) -> ServiceContext {
        var context = ServiceContext.topLevel
        if let traceparent { tracer.extract(["traceparent": traceparent], into: &context, using: Carrier()) }
        return context
    }

    /// The `traceparent` that stands for a context; nil where the tracer gives it none.
    static func traceparent(of context: ServiceContext, _ tracer: any Tracer) -> String? {
        var fields: [String: String] = [:]
        tracer.inject(context, into: &fields, using: Carrier())
        return fields["traceparent"]
    }

    private struct Carrier: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key.lowercased()] }
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
            carrier[key.lowercased()] = value
        }
    }
}

extension Tracer {
    /// Begins a span that its caller ends.
    func begin(
        _ name: String, below context: ServiceContext, _ kind: SpanKind, at instant: DefaultTracerClock.Timestamp,
        function: String = #function, file: String = #fileID, line: UInt = #line
    ) -> any Tracing.Span {
        startSpan(
            name, context: context, ofKind: kind, at: instant, function: function, file: file, line: line)
    }
}

extension Timestamp {
    /// As tracers count.
    var traced: DefaultTracerClock.Timestamp {
        DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: UInt64(clamping: microseconds) &* 1_000)
    }
}

extension Span {
    /// Says whose span it is, in the words of OpenTelemetry's conventions for messaging.
    func describe(_ message: TaskMessage, _ operation: String) {
        attributes["messaging.system"] = "sojourn"
        attributes["messaging.operation.type"] = operation
        attributes["messaging.destination.name"] = message.queue.rawValue
        attributes["messaging.message.id"] = message.id.description
        attributes["sojourn.type"] = message.type.rawValue
        attributes["sojourn.attempt"] = message.attempt
    }

    /// Says how an attempt ended.
    func describe(_ outcome: Outcome) {
        attributes["sojourn.outcome"] = outcome.name
        guard let error = outcome.storedError else { return }
        setStatus(SpanStatus(code: .error, message: error))
    }
}
