import Foundation
import SojournTestKit
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension EndToEnd {
    @Suite("Stopping") struct StopTests {
        /// Under load: some attempts end within the deadline, some never would. None is spent by the shutdown.
        @Test func sigtermUnderLoadEndsInTimeAndBurnsNoAttempt() async throws {
            let deadline = 2
            let environment = ["SOJOURN_DRAIN_SECONDS": "\(deadline)", "WORKER_POOL": "8"]
            try await Site.with(environment: environment) { site in
                let server = try await site.start()
                let ids = try await load(server.wire)
                _ = try await eventually("all slots are busy") {
                    try await server.wire.stats().processing == 8 ? true : nil
                }
                let start = ContinuousClock.now
                server.program.send(SIGTERM)
                let ending = try await server.program.wait()
                let took = start.duration(to: .now)
                #expect(ending == .exit(0), "\(server.program.errors)")
                #expect(took >= .milliseconds(deadline * 700), "the running attempts got no time: \(took)")
                #expect(took <= .seconds(deadline + 1), "\(took)")
                try await checkNothingBurned(ids, site)
            }
        }

        /// Four attempts that last for minutes, and many short ones.
        private func load(_ wire: Wire) async throws -> [String] {
            var ids: [String] = []
            for index in 0..<60 {
                let milliseconds = index < 4 ? 600_000 : 150
                let body = #"{"type":"sleeper","payload":{"ms":\#(milliseconds)},"max_retries":0}"#
                ids.append(try await wire.enqueue(body).taskId)
            }
            return ids
        }

        private func checkNothingBurned(_ ids: [String], _ site: Site) async throws {
            try await site.withServer(["--concurrency", "0"]) { server in
                var counts: [String: Int] = [:]
                for id in ids {
                    let task = try await server.wire.task(id)
                    counts[task.status, default: 0] += 1
                    switch task.status {
                    case "succeeded":
                        #expect(task.attempts.map(\.number) == [1] && task.attempts[0].outcome == "succeeded")
                    case "queued": #expect(task.attempt == 0 && task.attempts.isEmpty, "\(task)")
                    default: Issue.record("\(task)")
                    }
                }
                #expect(counts["queued", default: 0] >= 4)
                #expect(counts["succeeded", default: 0] >= 4)
            }
        }

        /// The time that a client takes to leave is not taken from the attempts.
        @Test func aSlowClientCostsNoAttempt() async throws {
            try await Site.with(environment: ["SOJOURN_DRAIN_SECONDS": "1"]) { site in
                let server = try await site.start()
                let id = try await server.wire.enqueue(#"{"type":"sleeper","payload":{"ms":600000}}"#).taskId
                _ = try await server.wire.task(id, reaching: "running")
                let port = try #require(server.wire.url.split(separator: ":").last)
                let head = #"POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"#
                let start = head + #"Content-Length: 100\r\n\r\n{"#
                let client = try Program(
                    ["-c", "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\(start)' >&3; echo sent; sleep 60"],
                    program: "/bin/bash", in: site.folder)
                defer { client.send(SIGKILL) }
                _ = try await eventually("it has begun") { client.output.contains("sent") ? true : nil }
                _ = try await server.wire.get("/healthz")
                server.program.send(SIGTERM)
                #expect(try await server.program.wait(within: .seconds(10)) == .exit(0), "\(server.program.errors)")
                try await site.withServer(["--concurrency", "0"]) { server in
                    let task = try await server.wire.task(id)
                    #expect(task.status == "queued" && task.attempt == 0 && task.attempts.isEmpty, "\(task)")
                }
            }
        }

        /// A balancer that asks sends its requests elsewhere; those that come nevertheless are answered.
        @Test func aServerThatStopsIsNotReady() async throws {
            try await Site.with(environment: ["SOJOURN_DRAIN_SECONDS": "3"]) { site in
                let server = try await site.start()
                let id = try await server.wire.enqueue(#"{"type":"sleeper","payload":{"ms":600000}}"#).taskId
                _ = try await server.wire.task(id, reaching: "running")
                #expect(try await server.wire.get("/readyz").status == 200)
                server.program.send(SIGTERM)
                let body = try await eventually("it is not ready") {
                    let answer = try await server.wire.get("/readyz")
                    return answer.status == 503 ? String(decoding: answer.body, as: UTF8.self) : nil
                }
                #expect(body.contains("about to stop"))
                #expect(try await server.wire.get("/healthz").status == 200)
                #expect(try await server.wire.post("/tasks", #"{"type":"echo"}"#).status == 202)
                #expect(try await server.program.wait() == .exit(0), "\(server.program.errors)")
            }
        }

        @Test func aSecondSignalEndsAtOnce() async throws {
            try await Site.with { site in
                let server = try await site.start()
                let id = try await server.wire.enqueue(#"{"type":"sleeper","payload":{"ms":600000}}"#).taskId
                _ = try await server.wire.task(id, reaching: "running")
                server.program.send(SIGTERM)
                _ = try await eventually("the server has heard it") {
                    server.program.errors.contains("Stopping") ? true : nil
                }
                let start = ContinuousClock.now
                server.program.send(SIGINT)
                #expect(try await server.program.wait() == .exit(130))
                #expect(start.duration(to: .now) < .seconds(2))
            }
        }

        @Test func anIdleServerStopsAtOnce() async throws {
            try await Site.with { site in
                let server = try await site.start()
                let start = ContinuousClock.now
                server.program.send(SIGINT)
                #expect(try await server.program.wait() == .exit(0))
                #expect(start.duration(to: .now) < .seconds(2))
            }
        }

        /// A worker that waits for tasks over HTTP does not hold up the server.
        @Test func waitingClaimsEndWithTheServer() async throws {
            try await Site.with { site in
                let server = try await site.start()
                let claim = #"{"queues":["none"],"limit":1,"wait_seconds":60,"worker":"patient"}"#
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await server.wire.post("/leases", claim) }
                    _ = try await eventually("the claim has arrived") {
                        try await server.wire.get("/healthz").status == 200 ? true : nil
                    }
                    let start = ContinuousClock.now
                    server.program.send(SIGTERM)
                    #expect(try await server.program.wait() == .exit(0))
                    #expect(start.duration(to: .now) < .seconds(3))
                    try await group.waitForAll()
                }
            }
        }
    }
}
