import Logging
import SojournCore
import SojournModel
import SojournTestKit
import Testing

private struct Greeting: TaskPayload, Equatable {
    static let type: TaskType = "greet"
    var name: String
}

private struct Greeter: TaskHandler {
    let log: CallLog

    func handle(_ payload: Greeting, context: TaskContext) async throws -> Outcome {
        log.add("hello \(payload.name), attempt \(context.attempt)")
        return .snoozed(.seconds(3))
    }
}

private struct Trace: TaskMiddleware {
    let name: String
    let log: CallLog

    func intercept(_ delivery: Delivery, context: TaskContext, next: Next) async -> Outcome {
        log.add("\(name) in")
        let outcome = await next(delivery, context)
        log.add("\(name) out \(outcome.name)")
        return outcome
    }
}

private struct Refusal: TaskMiddleware {
    func intercept(_ delivery: Delivery, context: TaskContext, next: Next) async -> Outcome {
        .discarded(reason: "refused")
    }
}

private struct PlainError: Error, CustomStringConvertible { let description = "plain trouble" }

@Suite("Handler registry") struct HandlerRegistryTests {
    private let log = CallLog()

    private func run(
        _ registry: HandlerRegistry, _ type: TaskType = Greeting.type, payload: String = #"{"name":"Ada"}"#
    ) async throws -> Outcome {
        let handler = try #require(registry[type])
        var message = Sample.message(type, payload: Array(payload.utf8))
        message.attempt = 2
        let context = TaskContext(message, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return await handler(Sample.delivery(message), context)
    }

    @Test func knowsItsTypes() {
        var registry = HandlerRegistry()
        #expect(registry.types.isEmpty)
        #expect(registry[Greeting.type] == nil)
        registry.register("bytes") { (_: [UInt8], _) in .succeeded() }
        registry.register(Greeter(log: log))
        #expect(registry.types == ["bytes", "greet"])
    }

    @Test func aHandlerTypeDecidesItsOutcome() async throws {
        var registry = HandlerRegistry()
        registry.register(Greeter(log: log))
        #expect(try await run(registry) == .snoozed(.seconds(3)))
        #expect(log.all == ["hello Ada, attempt 2"])
    }

    @Test func aClosureSucceedsWhenItReturns() async throws {
        var registry = HandlerRegistry()
        registry.register(Greeting.self) { [log] greeting, _ in log.add(greeting.name) }
        #expect(try await run(registry) == .succeeded())
        #expect(log.all == ["Ada"])
    }

    @Test func aReturnedValueIsTheResult() async throws {
        var registry = HandlerRegistry()
        registry.register(Greeting.self, returning: [String].self) { greeting, _ in [greeting.name, "b/c"] }
        #expect(try await run(registry) == .succeeded(result: Array(#"["Ada","b/c"]"#.utf8)))
    }

    @Test func bytesAreHandedOverAsTheyAre() async throws {
        var registry = HandlerRegistry()
        registry.register("bytes") { bytes, _ in .succeeded(result: bytes.reversed()) }
        #expect(try await run(registry, "bytes", payload: "\0{") == .succeeded(result: Array("{\0".utf8)))
    }

    @Test(arguments: ["", "{", "[]", #"{"name":1}"#, #"{"nome":"Ada"}"#, "\u{0}"])
    func aPayloadThatDoesNotDecodeIsNotRetried(payload: String) async throws {
        var registry = HandlerRegistry()
        registry.register(Greeter(log: log))
        guard case .failed(let failure) = try await run(registry, payload: payload) else {
            Issue.record("it must fail")
            return
        }
        #expect(!failure.isRetryable)
        #expect(failure.message.hasPrefix("The payload is not a Greeting"))
        #expect(log.all.isEmpty)
    }

    @Test func aThrownErrorIsAFailureToRetry() async throws {
        var registry = HandlerRegistry()
        registry.register(Greeting.self) { _, _ in throw PlainError() }
        #expect(try await run(registry) == .failed(Failure("plain trouble")))
    }

    @Test func aThrownFailureIsKeptAsItIs() async throws {
        let failure = Failure("busy", isRetryable: true, retryAfter: .seconds(7))
        var registry = HandlerRegistry()
        registry.register(Greeting.self) { _, _ in throw failure }
        #expect(try await run(registry) == .failed(failure))
    }

    @Test func theFirstMiddlewareIsTheOutermost() async throws {
        let middleware = [Trace(name: "outer", log: log), Trace(name: "inner", log: log)]
        var registry = HandlerRegistry(middleware: middleware)
        registry.register(Greeting.self) { [log] _, _ in
            log.add("handler")
            throw PlainError()
        }
        _ = try await run(registry)
        #expect(log.all == ["outer in", "inner in", "handler", "inner out failed", "outer out failed"])
    }

    @Test func middlewareMayDecideNotToRun() async throws {
        var registry = HandlerRegistry(middleware: [Trace(name: "outer", log: log), Refusal()])
        registry.register(Greeter(log: log))
        #expect(try await run(registry) == .discarded(reason: "refused"))
        #expect(log.all == ["outer in", "outer out discarded"])
    }

    @Test func aTypeIsRegisteredOnce() async {
        await #expect(processExitsWith: .failure) {
            var registry = HandlerRegistry()
            registry.register("twice") { (_: [UInt8], _) in .succeeded() }
            registry.register("twice") { (_: [UInt8], _) in .succeeded() }
        }
    }

    @Test func theContextSaysWhichAttemptItIs() {
        var message = Sample.message("greet", at: Timestamp(microseconds: 5))
        message.attempt = 3
        message.traceparent = "00-a-b-01"
        let context = TaskContext(message, timeLimit: Timestamp(microseconds: 9), logger: Logger(label: "test"))
        #expect(context.id == message.id)
        #expect(context.type == "greet")
        #expect(context.attempt == 3)
        #expect(context.timeLimit == Timestamp(microseconds: 9))
        #expect(context.traceparent == "00-a-b-01")
        #expect(context.logger[metadataKey: "task_id"] == "\(message.id)")
        #expect(context.logger[metadataKey: "attempt"] == "3")
    }

    @Test func equalPayloadsHaveEqualBytes() throws {
        struct Wide: TaskPayload {
            static let type: TaskType = "wide"
            var z = "a/b"
            var a = 1
            var m: [String: Int] = ["y": 2, "x": 1, "w": 3]
        }
        let coder = JSONPayloadCoder()
        let bytes = try coder.encode(Wide())
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"a":1,"m":{"w":3,"x":1,"y":2},"z":"a/b"}"#)
        #expect(try coder.decode(Wide.self, from: bytes).m == ["w": 3, "x": 1, "y": 2])
    }
}
