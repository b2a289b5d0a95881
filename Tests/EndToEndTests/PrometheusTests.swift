import Foundation
import SojournTestKit
import Testing

extension EndToEnd {
    @Suite("Prometheus", .needsPrometheus) struct PrometheusTests {
        private static let configuration = """
            autoscale: { target: dry-run }
            queues:
              mail: { arrival_rate: 100, sla_seconds: 5, jobs_per_worker: 4, max_workers: 4, overflow: reject }
              tight: { arrival_rate: 1, sla_seconds: 0.1, overflow: reject, service_seconds: 5 }
            retry: { base_ms: 100, jitter_ms: 0 }
            """

        @Test("rules and alerts are sound, and each fires where it should")
        func rules() async throws {
            let folder = Deploy.folder.appendingPathComponent("prometheus")
            let tests = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("tests").path)
            let commands = [
                ["check", "config", "prometheus.yml"], ["check", "rules", "rules.yml", "alerts.yml"],
                ["test", "rules"] + tests.sorted().map { "tests/\($0)" },
            ]
            for command in commands {
                try await TemporaryFolder.with { output in
                    let words = command.map { word in
                        word.hasSuffix(".yml") ? folder.appendingPathComponent(word).path : word
                    }
                    let program = try Program(words, program: try #require(PrometheusServer.tool), in: output)
                    let ending = try await program.wait()
                    #expect(ending == .exit(0), "\(program.output)\(program.errors)")
                }
            }
        }

        @Test("every panel of the dashboards shows something, and rules know what they ask for")
        func dashboards() async throws {
            try await Site.with(configuration: Self.configuration) { site in
                try await site.withServer(["--concurrency", "4"]) { server in
                    let port = try FreePort.next()
                    let worker = ["--server", server.wire.url, "--queue", "mail", "--concurrency", "4"]
                    try await site.withWorker(worker, environment: ["METRICS_ADDR": "127.0.0.1:\(port)"]) { _ in
                        let jobs = [
                            "sojourn": server.wire.url.replacingOccurrences(of: "http://", with: ""),
                            "sojourn-worker": "127.0.0.1:\(port)",
                        ]
                        try await PrometheusServer.with(jobs, in: site.folder) { prometheus in
                            try await server.wire.withLoad { try await judge(prometheus) }
                        }
                    }
                }
            }
        }

        private func judge(_ prometheus: PrometheusServer) async throws {
            for query in try Deploy.panelQueries() {
                _ = try await eventually("\(query.place) is not empty: \(query.expression)", within: .seconds(90)) {
                    try await prometheus.query(query.expression).isEmpty ? nil : true
                }
            }
            let rules = try await prometheus.rules()
            #expect(rules.count > 40)
            // Those over a day are evaluated seldom: their state is unknown.
            for rule in rules { #expect(rule.health != "err", "\(rule.name): \(rule.lastError ?? "")") }
            // A rule over a day has nothing to say yet.
            let known = try await prometheus.names().union(rules.map(\.name))
            let asked = try Deploy.panelQueries().map(\.expression) + rules.map(\.query)
            for name in asked.reduce(into: Set<String>(), { $0.formUnion(Deploy.metricNames(in: $1)) }) {
                #expect(known.contains(name), "nothing is called \(name)")
            }
        }
    }
}
