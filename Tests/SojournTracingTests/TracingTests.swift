import InMemoryTracing
import Logging
import ServiceLifecycle
import SojournCore
import SojournMemory
import SojournModel
import SojournTestKit
import SojournTracing
import SojournWorker
import Synchronization
import Testing
import Tracing

@Suite("Tracing") struct TracingTests {
    private struct Work: TaskPayload {
        static let type: TaskType = "work"
        var fails = false
    }

    /// One that keeps what it is told, and writes nothing.
    private static let logger = {
        var logger = Logger(label: "test", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = .critical
        return logger
    }()

    /// Enqueues, runs and settles one task with everything traced; what the handler was told.
    private func run(_ work: Work, _ tracer: W3CTracer) async throws -> TaskContext {
        let memory = MemoryQueue(time: SystemTime())
        let queue = LocalTaskQueue(store: memory, backend: memory).observed(by: [TaskTracer(tracer)])
        let seen = Mutex<TaskContext?>(nil)
        var handlers = HandlerRegistry(middleware: [TracingMiddleware(tracer)])
        handlers.register(Work.self) { work, context in
            tracer.withSpan("inside") { _ in seen.withLock { $0 = context } }
            if work.fails { throw Failure("It broke.", isRetryable: false) }
        }
        let worker = Worker(
            source: queue, handlers: handlers, configuration: WorkerConfiguration(name: "w"),
            logger: Self.logger)
        try await Producer(TracingSink(queue, tracer)).enqueue(work, .on("mail"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            try await eventually("the task is settled") {
                tracer.spans.contains { $0.operationName == "settle mail" }
            }
            group.cancelAll()
        }
        return try #require(seen.withLock { $0 })
    }

    @Test func theWayOfATaskIsOneTrace() async throws {
        let tracer = W3CTracer()
        let context = try await run(Work(), tracer)
        let spans = Dictionary(uniqueKeysWithValues: tracer.spans.map { ($0.operationName, $0) })
        let enqueue = try #require(spans["enqueue mail"])
        let attempt = try #require(spans["attempt work"])
        for name in ["wait mail", "attempt work", "settle mail"] {
            #expect(spans[name]?.traceID == enqueue.traceID, "\(name)")
            #expect(spans[name]?.parentSpanID == enqueue.spanID, "\(name)")
        }
        #expect(spans["inside"]?.parentSpanID == attempt.spanID)
        #expect(context.traceparent == "00-\(attempt.traceID)-\(attempt.spanID)-01", "what an http handler sends on")
        #expect(context.logger[metadataKey: "trace_id"] == "\(attempt.traceID)")
        #expect(enqueue.kind == .producer && attempt.kind == .consumer)
        #expect(attempt.attributes.get("messaging.destination.name") == .string("mail"))
        #expect(attempt.attributes.get("sojourn.outcome") == .string("succeeded"))
        #expect(spans["settle mail"]?.attributes.get("sojourn.status") == .string("succeeded"))
        #expect(attempt.status == nil)
    }

    @Test func aFailureIsAnError() async throws {
        let tracer = W3CTracer()
        _ = try await run(Work(fails: true), tracer)
        let attempt = try #require(tracer.spans.first { $0.operationName == "attempt work" })
        #expect(attempt.status?.code == .error && attempt.status?.message == "It broke.")
    }

    @Test func aDeathInTheLineIsAnError() throws {
        let tracer = W3CTracer()
        var message = TaskMessage(type: "t", queue: "mail", payload: [], now: Timestamp(microseconds: 1_000_000))
        TaskTracer(tracer).expired([message])
        #expect(tracer.spans.isEmpty, "nobody traces it")
        message.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        TaskTracer(tracer).expired([message])
        let wait = try #require(tracer.spans.first)
        #expect(wait.operationName == "wait mail" && wait.status?.code == .error)
        #expect(wait.attributes.get("sojourn.status") == .string("dead"))
    }

    @Test func tasksWithoutAContextAreNotTraced() {
        let tracer = W3CTracer()
        let now = Timestamp(microseconds: 1_000_000)
        let message = TaskMessage(
            id: TaskID(high: 1, low: 1), type: "t", payload: [], enqueuedAt: now, availableAt: now)
        let lease = Lease(task: message.id, token: LeaseToken(high: 1, low: 1), expiresAt: now)
        TaskTracer(tracer).claimed([Delivery(message: message, lease: lease)], at: now)
        #expect(tracer.spans.isEmpty)
    }
}
