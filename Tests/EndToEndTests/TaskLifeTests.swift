import Foundation
import SojournTestKit
import Testing

extension EndToEnd {
    @Suite("The life of a task") struct TaskLifeTests {
        @Test func succeeds() async throws {
            try await Site.with { site in
                try await site.withServer { server in
                    let accepted = try await server.wire.post("/tasks", #"{"type":"noop","payload":{"a":1}}"#)
                    #expect(accepted.status == 202)
                    let task = try await server.wire.task(accepted.decode(Accepted.self).taskId, reaching: "succeeded")
                    #expect(task.attempts.map(\.number) == [1])
                    #expect(task.attempts.map(\.outcome) == ["succeeded"])
                    #expect(task.finishedAt != nil && task.attempts[0].finishedAt != nil)
                    #expect(!task.attempts[0].worker.isEmpty)
                }
            }
        }

        @Test func flakySucceedsOnItsThirdAttempt() async throws {
            try await Site.with(environment: ["RETRY_BASE_MS": "200", "RETRY_JITTER_MS": "0"]) { site in
                try await site.withServer { server in
                    let body = #"{"type":"flaky","payload":{"attempts":2},"retry":{"base_ms":200,"jitter":"none"}}"#
                    let id = try await server.wire.enqueue(body).taskId
                    let task = try await server.wire.task(id, reaching: "succeeded")
                    #expect(task.attempts.map(\.number) == [1, 2, 3])
                    #expect(task.attempts.map(\.outcome) == ["failed", "failed", "succeeded"])
                    let starts = try task.attempts.map { try instant($0.startedAt) }
                    let ends = try task.attempts.map { try instant($0.finishedAt ?? "") }
                    #expect(starts[1].timeIntervalSince(ends[0]) >= 0.2)
                    #expect(starts[2].timeIntervalSince(ends[1]) >= 0.4)
                }
            }
        }

        @Test func deadLettersAreListedReplayedAndPurged() async throws {
            try await Site.with(environment: ["RETRY_BASE_MS": "10", "RETRY_JITTER_MS": "0"]) { site in
                try await site.withServer { server in
                    let type = ["--type", "always_fail", "--max-retries", "1"]
                    let id = try await server.command(["enqueue"] + type, in: site)
                    let dead = try await server.wire.task(id, reaching: "dead")
                    #expect(dead.attempts.count == 2)
                    #expect(dead.reason == "retries_exhausted")
                    let table = try await server.command(["dlq", "list"], in: site)
                    #expect(table.contains(id) && table.contains("always_fail fails every attempt"))

                    #expect(try await server.command(["dlq", "replay", id], in: site) == "1 dead letter put back.")
                    let again = try await eventually("\(id) is dead again") {
                        let task = try await server.wire.task(id)
                        return task.status == "dead" && task.attempts.count == 4 ? task : nil
                    }
                    #expect(again.attempts.map(\.number) == [1, 2, 3, 4])

                    #expect(try await server.command(["dlq", "purge", "--all"], in: site) == "1 dead letter deleted.")
                    #expect(try await server.command(["dlq", "list", "--json"], in: site).contains(#""tasks":[]"#))
                    #expect(try await server.wire.get("/tasks/\(id)").status == 404)
                }
            }
        }

        @Test func aReplayWithARateIsListedAndStopped() async throws {
            try await Site.with { site in
                try await site.withServer { server in
                    for _ in 0..<2 {
                        let words = ["enqueue", "--type", "always_fail", "--max-retries", "0"]
                        let id = try await server.command(words, in: site)
                        _ = try await server.wire.task(id, reaching: "dead")
                    }
                    let said = try await server.command(["dlq", "replay", "--rate", "0.01"], in: site)
                    let id = try #require(said.firstMatch(of: /until `sojourn dlq stop ([0-9a-f]{16})`/)?.1)
                    _ = try await eventually("one has gone back") {
                        let list = try await server.command(["dlq", "replays"], in: site)
                        return list.contains(id) && list.contains("0.01/s") && list.contains("1 of 10000") ? true : nil
                    }
                    let stop = ["dlq", "stop", String(id)]
                    let end = try await server.command(stop, in: site)
                    #expect(end == "Stopped: 1 dead letter put back, of at most 10000.")
                    #expect(try await !server.command(["dlq", "replays"], in: site).contains(id))
                    let again = try await site.run(stop, environment: ["SOJOURN_SERVER": server.wire.url])
                    #expect(again.status == .exit(1) && again.errors.contains("No replay \(id) goes on."))
                }
            }
        }

        @Test func aKeyStandsForOneTask() async throws {
            try await Site.with { site in
                try await site.withServer { server in
                    let command = ["enqueue", "--type", "noop", "--payload", "-", "--idempotency-key", "order-1"]
                    let first = try await server.command(command, in: site, input: "[1]")
                    let second = try await server.command(command, in: site, input: "[1]")
                    #expect(first == second)
                    let other = try await site.run(
                        command, environment: ["SOJOURN_SERVER": server.wire.url], input: "[2]")
                    #expect(other.status == .exit(1))
                    #expect(other.errors.contains(first))
                }
            }
        }

        @Test func aTaskThatWaitsCanBeCancelledAndOneThatIsOverCannot() async throws {
            try await Site.with { site in
                try await site.withServer { server in
                    let id = try await server.command(["enqueue", "--type", "noop", "--delay", "1h"], in: site)
                    #expect(try await server.wire.task(id).status == "scheduled")
                    #expect(try await server.command(["tasks", "cancel", id], in: site).contains("cancelled"))
                    #expect(try await server.wire.task(id).status == "cancelled")

                    let over = try await server.command(["enqueue", "--type", "noop"], in: site)
                    _ = try await server.wire.task(over, reaching: "succeeded")
                    let late = try await site.run(
                        ["tasks", "cancel", over], environment: ["SOJOURN_SERVER": server.wire.url])
                    #expect(late.status == .exit(1))
                    #expect(late.errors == "Error: Task \(over) is over: it is succeeded.\n")
                }
            }
        }

        private func instant(_ text: String) throws -> Date {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            return try Date(text, strategy: style)
        }
    }
}
