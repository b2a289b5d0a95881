#if HTTP
import Foundation
import SojournCore
import SojournModel
import Testing

@testable import SojournHandlers

@Suite("HTTP handlers") struct HTTPHandlerTests {
    @Test func aDeliveryCarriesTheTask() async throws {
        try await LocalServer.with { server in
            let payload = "{\"b\": 1,\n\"a\": [2,  3]}"
            let outcome = try await server.deliver(
                "/echo?x=%20", payload: payload, attempt: 3, traceparent: "00-a-b-01"
            ) {
                $0.headers = ["Authorization": "Bearer t", "User-Agent": "shop/1"]
            }
            let echo = try outcome.echo()
            #expect(String(decoding: echo.body, as: UTF8.self) == payload)
            #expect(echo.path == "/echo?x=%20")
            #expect(
                echo.headers == [
                    "host": "127.0.0.1:\(server.port)", "content-length": "\(payload.utf8.count)",
                    "content-type": "application/json", "authorization": "Bearer t", "user-agent": "shop/1",
                    "sojourn-task-id": "\(Attempt.id)", "sojourn-task-type": "test.task", "sojourn-attempt": "3",
                    "idempotency-key": "\(Attempt.id)", "traceparent": "00-a-b-01",
                ])
        }
    }

    @Test(arguments: ["", "{}", "grüße\0"])
    func signaturesAreWhatAnotherLanguageComputes(payload: String) async throws {
        try await LocalServer.with { server in
            let echo = try await server.deliver("/echo?key=00ff10", payload: payload, traceparent: "no\r\ntrace") {
                $0.secrets = [try WebhookSecret("former"), try WebhookSecret(bytes: [0x00, 0xFF, 0x10])]
            }.echo()
            #expect(echo.verified == true)
            #expect(echo.headers["webhook-id"] == "\(Attempt.id)")
            #expect(echo.headers["webhook-signature"]?.split(separator: " ").count == 2)
            #expect(echo.headers["user-agent"] == "sojourn")
            #expect(echo.headers["traceparent"] == nil)
            let timestamp = try #require(echo.headers["webhook-timestamp"].flatMap { Int64($0) })
            #expect(abs(timestamp - SystemTime().now().microseconds / 1_000_000) < 60)
        }
    }

    @Test func aWrongKeyDoesNotVerify() async throws {
        try await LocalServer.with { server in
            let echo = try await server.deliver("/echo?key=00") { $0.secrets = [try WebhookSecret(bytes: [1])] }
                .echo()
            #expect(echo.verified == false)
        }
    }

    @Test func answersBecomeOutcomes() async throws {
        try await LocalServer.with { server in
            #expect(try await server.deliver("/status?code=200") == .succeeded())
            let after = try await server.deliver("/status?code=429&after=3", payload: "canary")
            #expect(after == .failed(Failure("127.0.0.1 answered 429", retryAfter: .seconds(3))))
            let gone = try await server.deliver("/status?code=410&after=3")
            #expect(gone == .failed(Failure("127.0.0.1 answered 410", isRetryable: false)))
            let moved = try await server.deliver("/status?code=302&location=\(server.url)/echo")
            #expect(moved.failure?.isRetryable == false)
            #expect(
                moved.failure?.message.contains("points to the host 127.0.0.1; redirects are not followed") == true)
            let counts = try await server.deliver("/counts")
            #expect(counts.resultText?.contains("/echo") == false)
        }
    }

    @Test func longBodiesAreNotRead() async throws {
        try await LocalServer.with { server in
            #expect(try await server.deliver("/endless") == .succeeded())
            let kept = "\"\(String(repeating: "x", count: 1000))\""
            let outcome = try await server.deliver(
                "/json?type=application/json&body=\(kept)".replacing("\"", with: "%22"))
            #expect(outcome.resultText == kept)
        }
    }

    @Test(arguments: ["/silent", "/drip"])
    func theTimeLimitHoldsToTheLastByte(path: String) async throws {
        try await LocalServer.with { server in
            let outcome = try await server.deliver(path) { $0.timeout = .milliseconds(300) }
            #expect(outcome == .failed(Failure("127.0.0.1 did not answer within 0.3 seconds")))
        }
    }

    @Test(arguments: ["/reset", "/garbage"])
    func whatIsNoAnswerIsRetried(path: String) async throws {
        try await LocalServer.with { server in
            let failure = try #require(try await server.deliver(path).failure)
            #expect(failure.message.hasPrefix("127.0.0.1 could not be reached: "), "\(failure.message)")
            #expect(failure.isRetryable)
        }
    }

    @Test func aClosedPortIsToldAtOnce() async throws {
        let port = try await LocalServer.with { $0.port }
        let settings = HTTPHandler.Settings(
            url: "http://127.0.0.1:\(port)/token", headers: ["X-Key": "canary"], allowsPrivateAddresses: true)
        let outcome = try await withHandler(settings) { try await $0.handle([], context: Attempt.context()) }
        let failure = try #require(outcome.failure)
        #expect(failure.message.contains("refused"), "\(failure.message)")
        #expect(!failure.message.contains("token") && !failure.message.contains("canary"))
        #expect(failure.isRetryable)
    }

    @Test func cancellationEndsADelivery() async throws {
        try await LocalServer.with { server in
            _ = await #expect(throws: CancellationError.self) {
                try await withThrowingTaskGroup(of: Outcome.self) { group in
                    group.addTask { try await server.deliver("/silent") }
                    while try await server.deliver("/counts").resultText?.contains("/silent") != true {}
                    group.cancelAll()
                    _ = try await group.next()
                }
            }
        }
    }

    @Test func connectionsAreUsedAgain() async throws {
        try await LocalServer.with { server in
            let settings = HTTPHandler.Settings(url: server.url + "/echo", allowsPrivateAddresses: true)
            try await withHandler(settings) { handler in
                for _ in 0..<5 {
                    let outcome = try await handler.handle(Array("{}".utf8), context: Attempt.context())
                    #expect(try outcome.echo().connections == 1)
                }
            }
        }
    }

    @Test func afterShutdownNothingIsSent() async throws {
        let handler = try HTTPHandler(.init(url: "http://127.0.0.1:9/", allowsPrivateAddresses: true))
        try await handler.shutdown()
        try await handler.shutdown()
        let outcome = try await handler.handle([], context: Attempt.context())
        #expect(outcome == .failed(Failure("The server is shutting down")))
    }
}
#endif
