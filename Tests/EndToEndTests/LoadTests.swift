import Foundation
import SojournTestKit
import Testing

extension EndToEnd {
    @Suite("Load") struct LoadTests {
        /// The fields that the contract names, and ours.
        private struct Report: Decodable {
            struct Spread: Decodable {
                let p50, p95, p99, max: Double
            }
            let tasks: Int
            let seconds, throughput: Double
            let wait, run, enqueue: Spread
            let succeeded, failed, retries, reaped, dead, rejected, missing: Int
            let slaAttainment: Double?
        }

        private func report(_ json: String) throws -> Report {
            try JSONDecoder.wire.decode(Report.self, from: Data(json.utf8))
        }

        private static let mixed = [
            "load", "-n", "300", "-w", "4", "--pct-flaky", "10", "--flaky-attempts", "1", "--pct-fail", "5",
            "--fail-retries", "0", "--sla", "30s", "--json",
        ]

        private func isMixed(_ report: Report) {
            #expect(report.tasks == 300)
            #expect(report.succeeded == 285 && report.failed == 15 && report.dead == 15)
            #expect(report.retries == 30)
            #expect(report.reaped == 0 && report.rejected == 0 && report.missing == 0)
            #expect(report.slaAttainment == 1)
            #expect(report.wait.p50 <= report.wait.p99 && report.wait.p99 <= report.wait.max)
            #expect(report.throughput > 0 && report.seconds > 0)
        }

        @Test func aServerIsLoaded() async throws {
            try await Site.with { site in
                let quick = ["RETRY_BASE_MS": "10", "RETRY_JITTER_MS": "0"]
                try await site.withServer(environment: quick) { server in
                    isMixed(try report(try await server.command(Self.mixed, in: site)))
                    let open = ["load", "-n", "60", "--rate", "200", "--shape", "flash", "--flash-start", "100ms"]
                    let words = try await server.command(open + ["--flash-length", "1s"], in: site)
                    for line in ["tasks     60 in ", "wait      50 % ", "ended     60 succeeded, 0 did not"] {
                        #expect(words.contains(line), "\(line) in \(words)")
                    }
                }
            }
        }

        @Test func itBringsItsOwnWorkers() async throws {
            try await Site.with { site in
                try await site.withServer(["--concurrency", "0"]) { server in
                    let arguments = ["load", "-n", "40", "--workers", "2", "--concurrency", "3", "--json"]
                    let report = try report(try await server.command(arguments, in: site))
                    #expect(report.tasks == 40 && report.succeeded == 40)
                    let page = try await server.command(["tasks", "list", "--limit", "1", "--json"], in: site)
                    let task = try JSONDecoder.wire.decode(TaskPageBody.self, from: Data(page.utf8)).tasks[0]
                    let workers = try await server.wire.task(task.taskId).attempts.map(\.worker)
                    #expect(workers.allSatisfy { $0.hasPrefix("load-") })
                }
            }
        }

        @Test(.needsRedis) func aBackendIsLoadedWithoutAServer() async throws {
            try await Site.withRedis { site, redis in
                let site = Site(folder: site.folder, environment: ["RETRY_BASE_MS": "10"])
                let direct = ["--redis", redis.url, "--workers", "2", "--batch", "50"]
                isMixed(try report(try await site.command(Self.mixed + direct)))
            }
        }

        @Test func aMixMustBeWhole() async throws {
            try await Site.with { site in
                for (arguments, sentence) in [
                    (["--pct-noop", "50"], "must come to 100"), (["--pct-fail", "101"], "must be 0 to 100"),
                    (["--shape", "flash"], "--shape needs --rate"), (["--preset", "none"], "invalid"),
                    (["-n", "0"], "--tasks must be 1 to 10000000"),
                ] {
                    let result = try await site.run(["load"] + arguments)
                    #expect(result.status == .exit(2))
                    #expect(result.errors.contains(sentence), "\(arguments): \(result.errors)")
                }
            }
        }
    }
}
