import Foundation
import SojournTestKit
import Testing

extension EndToEnd {
    @Suite("Handlers of the configuration") struct HandlerTests {
        @Test func execRunsAProgram() async throws {
            let configuration = """
                handlers:
                  shout:
                    exec: { command: ["/usr/bin/tr", "a-z", "A-Z"] }
                """
            try await Site.with(configuration: configuration) { site in
                try await site.withServer { server in
                    let id = try await server.wire.enqueue(#"{"type":"shout","payload":"quiet words"}"#).taskId
                    _ = try await server.wire.task(id, reaching: "succeeded")
                    let shown = try await server.command(["tasks", "show", id], in: site)
                    #expect(shown.contains("\"QUIET WORDS\""))
                }
            }
        }

        @Test func aHandlerSaysHowOftenToRetry() async throws {
            let configuration = """
                queues:
                  default: { max_retries: 5 }
                handlers:
                  hopeless:
                    exec: { command: ["/bin/false"] }
                    max_retries: 1
                """
            let environment = ["RETRY_BASE_MS": "10", "RETRY_JITTER_MS": "0"]
            try await Site.with(configuration: configuration, environment: environment) { site in
                try await site.withServer { server in
                    let id = try await server.wire.enqueue(#"{"type":"hopeless"}"#).taskId
                    #expect(try await server.wire.task(id, reaching: "dead").attempts.count == 2)
                    let patient = try await server.wire.enqueue(#"{"type":"hopeless","max_retries":2}"#).taskId
                    #expect(try await server.wire.task(patient, reaching: "dead").attempts.count == 3)
                }
            }
        }

        /// The other side is another Sojourn: it takes the delivery as a task, once.
        @Test func httpDeliversToAnotherServer() async throws {
            try await Site.with { receiver in
                try await receiver.withServer { target in
                    let configuration = """
                        handlers:
                          relay:
                            http: { url: "\(target.wire.url)/tasks", timeout: 10s, allow_private: true }
                        """
                    try await Site.with(configuration: configuration) { site in
                        try await site.withServer { server in
                            let payload = #"{"type":"noop","queue":"relayed"}"#
                            let body = #"{"type":"relay","payload":\#(payload)}"#
                            let id = try await server.wire.enqueue(body).taskId
                            let relayed = try await server.wire.task(id, reaching: "succeeded")
                            #expect(relayed.attempts.count == 1)
                            let page: TaskPageBody = try await target.wire.get("/tasks?queue=relayed").decode()
                            #expect(page.tasks.count == 1)
                        }
                    }
                }
            }
        }

        /// Nobody listens at port 1. After two failures the others wait, and it costs them no attempt.
        @Test func anOpenBreakerLetsTasksWait() async throws {
            let configuration = """
                handlers:
                  down:
                    http: { url: "http://127.0.0.1:1/", allow_private: true }
                    breaker: { failures: 2, cooldown: 10m }
                """
            try await Site.with(configuration: configuration) { site in
                try await site.withServer(["--concurrency", "1"]) { server in
                    for _ in 0..<2 {
                        let id = try await server.wire.enqueue(#"{"type":"down","max_retries":0}"#).taskId
                        _ = try await server.wire.task(id, reaching: "dead")
                    }
                    let id = try await server.wire.enqueue(#"{"type":"down","max_retries":0}"#).taskId
                    let task = try await server.wire.task(id, reaching: "scheduled")
                    #expect(task.attempt == 0 && task.attempts.isEmpty, "\(task)")
                    let other = try await server.wire.enqueue(#"{"type":"noop"}"#).taskId
                    _ = try await server.wire.task(other, reaching: "succeeded")
                }
            }
        }

        @Test func privateAddressesAreNotCalled() async throws {
            let configuration = """
                handlers:
                  inward:
                    http: { url: "http://127.0.0.1:9/" }
                """
            try await Site.with(configuration: configuration) { site in
                let result = try await site.run(["serve", "--port", "0"])
                #expect(result.status == .exit(2))
                #expect(result.errors.contains("handlers.inward.http.url"))
            }
        }

        @Test func aTypeIsNotTakenTwice() async throws {
            let configuration = """
                handlers:
                  noop: { exec: { command: ["/bin/true"] } }
                """
            try await Site.with(configuration: configuration) { site in
                let result = try await site.run(["serve", "--port", "0"])
                #expect(result.status == .exit(2))
                #expect(result.errors.contains("noop is built in"))
            }
        }
    }
}
