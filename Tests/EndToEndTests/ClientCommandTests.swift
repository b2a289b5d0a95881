import Foundation
import SojournTestKit
import Testing

extension EndToEnd {
    @Suite("Client commands") struct ClientCommandTests {
        @Test func produceAndLook() async throws {
            try await Site.with { site in
                try await site.withServer { server in
                    let produce = ["produce", "--queue", "mail", "--count"]
                    let burst = try await server.command(produce + ["1500", "--burst"], in: site)
                    #expect(burst.hasPrefix("1500 tasks enqueued in "))
                    let paced = try await server.command(produce + ["20", "--interval", "5ms", "--json"], in: site)
                    #expect(try JSONDecoder().decode(Produced.self, from: Data(paced.utf8)).enqueued == 20)
                    _ = try await eventually("all tasks are over") {
                        try await server.wire.stats().alive == 0 ? true : nil
                    }
                    try await looks(server, site)
                }
            }
        }

        private func looks(_ server: RunningServer, _ site: Site) async throws {
            let page = try await server.command(["tasks", "list", "--queue", "mail", "--limit", "2"], in: site)
            #expect(page.split(separator: "\n").count == 3)
            let json = try await server.command(["tasks", "list", "--status", "succeeded", "--json"], in: site)
            #expect(try JSONDecoder.wire.decode(TaskPageBody.self, from: Data(json.utf8)).tasks.count == 50)
            let monitor = try await server.command(["monitor", "--once"], in: site)
            #expect(monitor.split(separator: "\n").map { $0.split(separator: " ")[0] } == ["QUEUE", "mail"])
            let queues = try await server.command(["monitor", "--once", "--json", "--queue", "none"], in: site)
            #expect(queues == #"{"queues":[]}"#)
            #expect(try await server.command(["queues", "show", "mail"], in: site).contains("1520"))
            let none = try await site.run(["queues", "show", "none"], environment: ["SOJOURN_SERVER": server.wire.url])
            #expect(none.status == .exit(1))
        }

        @Test func produceSaysAtOnceThatNobodyIsThere() async throws {
            try await Site.with { site in
                let start = ContinuousClock.now
                let nowhere = ["--server", "http://127.0.0.1:1", "--interval", "60s", "--count", "5"]
                let result = try await site.run(["produce", "--queue", "mail"] + nowhere)
                #expect(result.status == .exit(3), "\(result)")
                #expect(start.duration(to: .now) < .seconds(50))
            }
        }

        @Test func aPausedQueueWaits() async throws {
            try await Site.with { site in
                try await site.withServer { server in
                    #expect(try await server.command(["queues", "pause", "slow"], in: site).contains("paused"))
                    let id = try await server.command(["enqueue", "--type", "noop", "--queue", "slow"], in: site)
                    let other = try await server.command(["enqueue", "--type", "noop"], in: site)
                    _ = try await server.wire.task(other, reaching: "succeeded")
                    #expect(try await server.wire.task(id).status == "queued")
                    #expect(try await server.command(["queues", "list"], in: site).contains("paused"))
                    _ = try await server.command(["queues", "resume", "slow"], in: site)
                    _ = try await server.wire.task(id, reaching: "succeeded")
                }
            }
        }

        @Test func aTaskIsShownWhole() async throws {
            try await Site.with { site in
                let payload = site.folder.appendingPathComponent("payload.json")
                try Data(#" {"b": 1, "a": "é"} "#.utf8).write(to: payload)
                try await site.withServer { server in
                    let id = try await server.command(
                        [
                            "enqueue", "--type", "noop", "--payload", "@payload.json", "--priority", "high",
                            "--tenant", "acme", "--tag", "spring", "--tag", "sale", "--timeout", "5s",
                            "--deadline", "1h",
                        ], in: site)
                    _ = try await server.wire.task(id, reaching: "succeeded")
                    let shown = try await server.command(["tasks", "show", id], in: site)
                    for expected in [#"{"b": 1, "a": "é"}"#, "default, high", "acme", "spring, sale", "succeeded"] {
                        #expect(shown.contains(expected), "\(expected) in \(shown)")
                    }
                    let json = try await server.command(["tasks", "show", id, "--json"], in: site)
                    let task = try JSONDecoder.wire.decode(TaskBody.self, from: Data(json.utf8))
                    #expect(task.tags == ["spring", "sale"])
                }
            }
        }

        private struct Produced: Decodable {
            let enqueued: Int
        }
    }
}
