import Foundation
import SojournTestKit
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension EndToEnd {
    @Suite("Workers elsewhere") struct WorkerTests {
        @Test func aWorkerServesItsQueues() async throws {
            try await Site.with(environment: ["RETRY_BASE_MS": "10", "RETRY_JITTER_MS": "0"]) { site in
                try await site.withServer(["--concurrency", "0"]) { server in
                    let wire = server.wire
                    let mine = try await wire.enqueue(#"{"type":"flaky","payload":{"attempts":1},"queue":"mine"}"#)
                    let other = try await wire.enqueue(#"{"type":"noop","queue":"other"}"#)
                    let worker = try Program(
                        ["worker", "--queue", "mine", "--concurrency", "2", "--server", wire.url], in: site.folder)
                    let done = try await wire.task(mine.taskId, reaching: "succeeded")
                    #expect(done.attempts.map(\.outcome) == ["failed", "succeeded"])
                    #expect(try await wire.task(other.taskId).status == "queued")
                    worker.send(SIGTERM)
                    #expect(try await worker.wait() == .exit(0))
                    #expect(worker.output.contains("mine"))
                }
            }
        }

        /// The server's word on the time of an attempt holds for workers elsewhere, who know nothing of it.
        @Test func aQueueLimitsItsAttempts() async throws {
            try await Site.with(configuration: "queues:\n  quick: { timeout_seconds: 0.1 }") { site in
                try await site.withServer(["--concurrency", "0"]) { server in
                    try await TemporaryFolder.with { folder in
                        let worker = try Program(["worker", "--server", server.wire.url], in: folder)
                        defer { worker.send(SIGKILL) }
                        let body = #"{"type":"sleeper","payload":{"ms":600000},"max_retries":0,"queue":"quick"}"#
                        let id = try await server.wire.enqueue(body).taskId
                        let task = try await server.wire.task(id, reaching: "dead")
                        #expect(task.lastError?.contains("time limit") == true, "\(task)")
                    }
                }
            }
        }

        private static let python = ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"]
            .first(where: FileManager.default.isExecutableFile)

        @Test(.enabled(if: python != nil, "python3 is not installed"))
        func aWorkerInPythonServes() async throws {
            let python = try #require(Self.python)
            let script = Binary.repository.appendingPathComponent("Examples/python-worker/worker.py").path
            try #require(FileManager.default.fileExists(atPath: script))
            try await Site.with { site in
                try await site.withServer(["--concurrency", "0"]) { server in
                    let worker = try Program([script, server.wire.url, "sums"], program: python, in: site.folder)
                    defer { worker.send(SIGKILL) }
                    let id = try await server.command(
                        ["enqueue", "--type", "add", "--payload", "[1, 2, 3]", "--queue", "sums"], in: site)
                    let task = try await server.wire.task(id, reaching: "succeeded")
                    #expect(task.attempts.count == 1)
                    #expect(try await server.command(["tasks", "show", id], in: site).contains("result    6"))
                }
            }
        }

        @Test func aWorkerThatIsNotLetInEnds() async throws {
            try await Site.with(environment: ["SOJOURN_API_KEYS": "0123456789abcdef0123456789abcdef"]) { site in
                try await site.withServer { server in
                    let worker = try await site.run(["worker", "--server", server.wire.url])
                    #expect(worker.status == .exit(1))
                    #expect(worker.errors.contains("Error: "))
                }
            }
        }

        @Test func aWorkerOutlivesItsServer() async throws {
            try await Site.with { site in
                let first = try await site.start(["--concurrency", "0"])
                let port = try #require(first.wire.url.split(separator: ":").last)
                let worker = try Program(["worker", "--server", first.wire.url], in: site.folder)
                defer { worker.send(SIGKILL) }
                let before = try await first.wire.enqueue(#"{"type":"noop"}"#)
                _ = try await first.wire.task(before.taskId, reaching: "succeeded")
                first.program.send(SIGKILL)
                try await first.program.wait()
                try await site.withServer(["--concurrency", "0", "--port", String(port)]) { server in
                    let after = try await server.wire.enqueue(#"{"type":"noop"}"#)
                    _ = try await server.wire.task(after.taskId, reaching: "succeeded")
                    worker.send(SIGTERM)
                    #expect(try await worker.wait() == .exit(0))
                }
            }
        }
    }
}
