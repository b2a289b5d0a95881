import Foundation
import SojournTestKit
import Testing

extension EndToEnd {
    @Suite("plan and simulate") struct PlanTests {
        private struct Plan: Decodable {
            let offered_load: Double
            let workers: Int
            let slots: Int
            let utilization: Double
            let max_depth: Double
            let probability_of_wait: Double
            let mean_wait_seconds: Double
            let wait_percentile_seconds: Double
            let method: String
        }

        private let flags = ["plan", "--arrival-rate", "20", "--sla", "1s", "--service-time", "200ms"]

        @Test func aPlanFromFlags() async throws {
            try await Site.with { site in
                let result = try await site.run(flags + ["--json"])
                #expect(result.status == .exit(0))
                let plan = try JSONDecoder().decode(Plan.self, from: Data(result.output.utf8))
                #expect(plan.offered_load == 4 && plan.max_depth == 20)
                #expect(plan.slots >= 5 && plan.workers == (plan.slots + 4) / 5)
                #expect(plan.wait_percentile_seconds <= 1)
                let text = try await site.run(flags + ["--slots", "12"])
                #expect(text.output.contains("the load doubles") && text.output.contains("SLOTS FOR"))
            }
        }

        @Test func aPlanFromTheConfiguration() async throws {
            let configuration = "queues: { mail: { arrival_rate: 20, sla_seconds: 1, service_seconds: 0.2 } }"
            try await Site.with(configuration: configuration) { site in
                let configured = try await site.run(["plan", "--queue", "mail", "--json"])
                let flagged = try await site.run(flags + ["--json"])
                #expect(configured.output == flagged.output)
                #expect(try await site.run(["plan", "--queue", "nobody"]).status == .exit(2))
            }
        }

        @Test func aPlanThatIsImpossible() async throws {
            try await Site.with { site in
                let missing = try await site.run(["plan", "--sla", "1s"])
                #expect(missing.status == .exit(2) && missing.errors.contains("--arrival-rate"))
                let unstable = try await site.run(flags + ["--slots", "3"])
                #expect(unstable.status == .exit(2) && unstable.errors.contains("below 1"))
            }
        }

        @Test func simulatesAndDraws() async throws {
            try await Site.with { site in
                let trace = site.folder.appendingPathComponent("trace.csv")
                let lines = (0..<300).map { "\(Double($0) / 5),0.5" }
                try Data(("arrival,service\n" + lines.joined(separator: "\n")).utf8).write(to: trace)
                let run = [
                    "simulate", "--trace", "trace.csv", "--sla", "5s", "--startup", "2s", "--service-time", "500ms",
                ]
                let result = try await site.run(run + ["--svg", "chart.svg"])
                #expect(result.status == .exit(0), "\(result.errors)")
                #expect(result.output.contains("300, 0 refused"))
                let chart = try String(contentsOf: site.folder.appendingPathComponent("chart.svg"), encoding: .utf8)
                #expect(chart.hasPrefix("<svg") && chart.contains("</svg>"))
                let json = try await site.run(run + ["--json", "--policy", "static", "--policy", "littleq"])
                #expect(json.output.split(separator: "\n").count == 2)
                #expect(json.output.contains(#""littles_law":{"L":"#))
                let wrong = try await site.run(["simulate", "--scenario", "moon"])
                #expect(wrong.status == .exit(2) && wrong.errors.contains("poisson"))
            }
        }
    }
}
