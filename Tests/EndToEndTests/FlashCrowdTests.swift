import Foundation
import SojournTestKit
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

extension EndToEnd {
    /// A promise that is kept while the load jumps: workers are started before it breaks, and what cannot be kept is
    /// refused.
    @Suite("A flash crowd") struct FlashCrowdTests {
        private static let configuration = """
            queues:
              realtime:
                arrival_rate: 5
                sla_seconds: 2
                sla_percentile: 99.9
                service_seconds: 0.1
                jobs_per_worker: 2
                min_workers: 1
                max_workers: 4
                overflow: reject
            """

        private struct Queue: Decodable {
            struct Decision: Decodable {
                let at: String
                let from: Int
                let to: Int
                let reason: String
            }
            struct Audit: Decodable {
                let gapRatio: Double
                let diagnosis: String
            }
            let waiting: Int
            let slaAttainment: Double?
            let slaBreaches: Int?
            let slaRefusals: Int?
            let workers: Int?
            let desiredWorkers: Int?
            let startupSeconds: Double?
            let decisions: [Decision]
            let audit: Audit?
        }

        private struct Outcome: Decodable {
            let enqueued: Int
            let refused: Int
        }

        private func look(_ server: RunningServer) async throws -> Queue {
            try await server.wire.get("/queues/realtime").decode()
        }

        private func produce(_ count: Int, every interval: String, _ server: RunningServer, _ site: Site) async throws
            -> Outcome
        {
            let output = try await server.command(
                [
                    "produce", "--queue", "realtime", "--type", "sleeper", "--payload", #"{"ms":100}"#, "--count",
                    "\(count)", "--interval", interval, "--json",
                ], in: site)
            return try JSONDecoder().decode(Outcome.self, from: Data(output.utf8))
        }

        @Test func isServedByWorkersThatComeInTime() async throws {
            try await Site.with(configuration: Self.configuration) { site in
                try await site.withServer(["--concurrency", "0", "--autoscale", "processes"]) { server in
                    _ = try await eventually("the first worker claims") {
                        try await look(server).workers == 1 ? true : nil
                    }
                    let calm = try await produce(15, every: "200ms", server, site)
                    #expect(calm.enqueued == 15 && calm.refused == 0)
                    // Eight times as much: four slots' worth, where two are.
                    let crowd = try await produce(320, every: "25ms", server, site)
                    let peak = try await look(server)
                    let grown = try #require(peak.decisions.last { $0.to > $0.from && $0.from > 0 })
                    #expect(grown.reason.contains("λ"))
                    #expect((peak.workers ?? 0) >= 2)
                    #expect((peak.startupSeconds ?? 0) > 0)
                    let quiet = try await eventually("everything has run") {
                        let queue = try await look(server)
                        return queue.waiting == 0 ? queue : nil
                    }
                    #expect(quiet.slaBreaches == 0, "\(quiet)")
                    #expect(quiet.slaAttainment == 1)
                    #expect(quiet.slaRefusals == crowd.refused)
                    #expect(quiet.audit?.gapRatio == 0, "\(String(describing: quiet.audit))")
                    #expect(crowd.enqueued > 250)
                    _ = try await eventually("the crowd's workers have gone") {
                        try await look(server).workers == 1 ? true : nil
                    }
                }
            }
        }

        @Test func whatCannotBeKeptIsRefusedWithATime() async throws {
            try await Site.with(configuration: Self.configuration) { site in
                // One slot and nobody to launch more.
                try await site.withServer(["--concurrency", "1"]) { server in
                    let body = #"{"type":"sleeper","payload":{"ms":300},"queue":"realtime"}"#
                    var refusal: Wire.Answer?
                    for _ in 0..<200 where refusal == nil {
                        let answer = try await server.wire.post("/tasks", body)
                        if answer.status == 429 { refusal = answer }
                    }
                    let problem = try #require(refusal)
                    let text = String(decoding: problem.body, as: UTF8.self)
                    #expect(text.contains("cannot start the task within 2 s"))
                    #expect(text.contains("\"retry_after_seconds\":"))
                    let accepted = try await look(server)
                    #expect(accepted.waiting > 0 && (accepted.slaRefusals ?? 0) >= 1)
                }
            }
        }

        @Test func workersGoWithTheirServer() async throws {
            try await Site.with(configuration: Self.configuration) { site in
                let server = try await site.start(["--concurrency", "0", "--autoscale", "processes"])
                _ = try await eventually("the first worker claims") {
                    try await look(server).workers == 1 ? true : nil
                }
                let child = try #require(Self.children(of: server.program.pid).first)
                server.program.send(SIGKILL)
                try await server.program.wait()
                _ = try await eventually("the worker has ended") { kill(child, 0) == 0 ? nil : true }
            }
        }

        /// The processes that `parent` started.
        private static func children(of parent: Int32) throws -> [Int32] {
            try Child.run(["ps", "-A", "-o", "pid=,ppid="]).split(separator: "\n").compactMap { line in
                let numbers = line.split(separator: " ").compactMap { Int32($0) }
                return numbers.count == 2 && numbers[1] == parent ? numbers[0] : nil
            }
        }
    }
}
