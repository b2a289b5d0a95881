import Foundation
import SojournTestKit
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension EndToEnd {
    @Suite("What logs never say") struct SecretsTests {
        private static let key = "canary0key0123456789abcdef01234567"

        /// Whatever happens to a task, at the finest level: accepted twice, failed, dead, refused, and a wrong key.
        @Test func payloadsAndKeys() async throws {
            let variables = ["LOG_LEVEL": "trace", "SOJOURN_API_KEYS": Self.key, "SOJOURN_API_KEY": Self.key]
            try await Site.with(environment: variables) { site in
                let server = try await site.start(["--concurrency", "0"])
                var wire = server.wire
                wire.key = Self.key
                let worker = try Program(
                    ["worker", "--server", wire.url], environment: variables, in: site.folder)
                let task =
                    #"{"type":"always_fail","payload":{"p":"canary-payload"},"max_retries":0,"#
                    + #""idempotency_key":"canary-idempotency"}"#
                let first = try await wire.enqueue(task)
                _ = try await wire.enqueue(task)
                _ = try await wire.task(first.taskId, reaching: "dead")
                let crooked = task.replacingOccurrences(of: #""max_retries":0"#, with: #""max_retries":"canary-field""#)
                #expect(try await wire.post("/tasks", crooked).status == 400)
                var stranger = server.wire
                stranger.key = "canary-wrong-key"
                #expect(try await stranger.get("/tasks").status == 401)
                for program in [worker, server.program] {
                    program.send(SIGTERM)
                    #expect(try await program.wait() == .exit(0))
                    let said = program.output + program.errors
                    #expect(said.contains(#""level":"debug""#), "there is a log")
                    #expect(!said.contains("canary"), "\(said)")
                }
            }
        }
    }
}
