import Logging
import SojournCore
import SojournModel
import SojournTestKit
import Testing

@Suite("Circuit breaker middleware") struct CircuitBreakerMiddlewareTests {
    private let time = ManualTime()
    private let calls = Counter()

    private func middleware(failures: Int = 2) -> CircuitBreakerMiddleware {
        CircuitBreakerMiddleware(["guarded": .init(failures: failures, cooldown: .seconds(10))], time: time)
    }

    private func attempt(
        _ middleware: CircuitBreakerMiddleware, type: TaskType = "guarded", _ outcome: Outcome
    ) async -> Outcome {
        let message = Sample.message(type)
        let context = TaskContext(message, logger: Logger(label: "test"))
        return await middleware.intercept(Sample.delivery(message), context: context) { [calls] _, _ in
            calls.increment()
            return outcome
        }
    }

    @Test func whileItIsOpenNothingRuns() async {
        let middleware = middleware()
        for _ in 0..<2 { _ = await attempt(middleware, .failed(Failure("down"))) }
        #expect(calls.value == 2)
        time.advance(by: .seconds(4))
        #expect(await attempt(middleware, .succeeded()) == .breakerOpen(.seconds(6)))
        #expect(calls.value == 2)
    }

    @Test func afterTheCooldownOneProbes() async {
        let middleware = middleware(failures: 1)
        _ = await attempt(middleware, .failed(Failure("down")))
        time.advance(by: .seconds(10))
        #expect(await attempt(middleware, .succeeded(result: [1])) == .succeeded(result: [1]))
        #expect(middleware.state(of: "guarded") == .closed(failures: 0))
    }

    @Test func otherTypesRunFreely() async {
        let middleware = middleware(failures: 1)
        for _ in 0..<5 {
            #expect(await attempt(middleware, type: "free", .failed(Failure("down"))) == .failed(Failure("down")))
        }
        #expect(middleware.state(of: "free") == nil)
        #expect(middleware.state(of: "guarded") == .closed(failures: 0))
    }

    @Test(arguments: [Outcome.snoozed(.zero), .cancelled, .interrupted, .breakerOpen(.zero)])
    func whatSaysNothingAboutTheOtherSideCountsNothing(outcome: Outcome) async {
        let middleware = middleware()
        _ = await attempt(middleware, .failed(Failure("down")))
        #expect(await attempt(middleware, outcome) == outcome)
        #expect(middleware.state(of: "guarded") == .closed(failures: 1))
    }

    @Test(arguments: [Outcome.succeeded(), .discarded(reason: "no")])
    func anAnswerIsASuccess(outcome: Outcome) async {
        let middleware = middleware()
        _ = await attempt(middleware, .failed(Failure("down")))
        _ = await attempt(middleware, outcome)
        #expect(middleware.state(of: "guarded") == .closed(failures: 0))
    }
}
