import Logging
import SojournCore
import SojournHandlers
import SojournModel
import Testing

@Suite("Built-in handlers") struct BuiltinHandlersTests {
    private let time = ManualTime()

    private func run(_ type: TaskType, _ payload: String, attempt: Int = 1) async throws -> Outcome {
        var registry = HandlerRegistry()
        BuiltinHandlers.register(in: &registry, time: time)
        let message = Attempt.message(type, payload: payload, attempt: attempt)
        let lease = Lease(task: message.id, token: LeaseToken(high: 1, low: 2), expiresAt: .distantFuture)
        let run = try #require(registry[type])
        return await run(
            Delivery(message: message, lease: lease), TaskContext(message, logger: Logger(label: "test")))
    }

    @Test func allAreRegistered() {
        var registry = HandlerRegistry()
        BuiltinHandlers.register(in: &registry, time: time)
        #expect(registry.types == Set(BuiltinHandlers.types))
    }

    @Test(arguments: ["", "null", "{}", "[1]", "not JSON"])
    func noopTakesAnything(payload: String) async throws {
        #expect(try await run("noop", payload) == .succeeded())
        #expect(try await run("always_fail", payload).failure?.isRetryable == true)
    }

    @Test(arguments: [
        ("", 2), ("null", 2), ("{}", 2), (#"{"attempts":null}"#, 2), (#"{"attempts":1}"#, 1), (#"{"attempts":0}"#, 0),
        (#"{"attempts":-5}"#, 0), (#"{"attempts":1e300}"#, 1000), (#"{"other":7}"#, 2),
    ])
    func flakyFailsItsFirstAttempts(payload: String, failing: Int) async throws {
        if failing > 0 { #expect(try await run("flaky", payload, attempt: failing).failure?.isRetryable == true) }
        #expect(try await run("flaky", payload, attempt: failing + 1) == .succeeded())
    }

    @Test(arguments: [
        ("flaky", #"{"attempts":"2"}"#, "attempts must be"), ("flaky", "[]", "must be an object"),
        ("sleeper", #"{"ms":"80"}"#, "ms must be"), ("sleeper", "{", "not valid JSON"),
        ("sleeper", #"{"ms":1e999}"#, "ms must be"),
    ])
    func aWrongPayloadIsNotRetried(type: String, payload: String, says: String) async throws {
        let type = try #require(TaskType(rawValue: type))
        let failure = try #require(try await run(type, payload).failure)
        #expect(!failure.isRetryable)
        #expect(failure.message.contains(says), "\(failure.message)")
    }

    @Test(arguments: [
        ("", 80), ("null", 80), ("{}", 80), (#"{"ms":250}"#, 250), (#"{"ms":1e12}"#, 3_600_000),
    ])
    func sleeperSleepsByTheClock(payload: String, milliseconds: Int) async throws {
        async let outcome = run("sleeper", payload)
        try await eventually("the sleeper sleeps") { time.sleeping == 1 }
        time.advance(by: .milliseconds(milliseconds) - .microseconds(1))
        #expect(time.sleeping == 1)
        time.advance(by: .microseconds(1))
        #expect(try await outcome == .succeeded())
    }

    @Test func sleeperTakesNoNegativeTime() async throws {
        #expect(try await run("sleeper", #"{"ms":-1}"#) == .succeeded())
    }

    @Test func sleeperCanBeCancelled() async throws {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { try? await run("sleeper", #"{"ms":3600000}"#) }
            group.cancelAll()
            let outcome = await group.next() ?? nil
            #expect(outcome?.failure != nil)
        }
    }
}
