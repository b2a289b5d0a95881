import Foundation
import SojournPromise
import SojournSimulation
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct ReportTests {
    private static func workload() -> Workload {
        Workload(
            name: "own", arrivals: (0..<101).map { Double($0) }, services: Array(repeating: 1.5, count: 101),
            horizon: 120, serviceTime: 1.5)
    }

    /// One slot, a task per second of a second and a half each: the k-th waits k/2 seconds.
    private static func run() -> Simulation {
        Simulator.run(workload(), settings(limit: 30, serviceTime: 1.5, slots: 1), policy: Constant(slots: 1))
    }

    @Test func quantilesInterpolate() {
        let result = result(Self.run(), limit: 30)
        #expect(abs(result.waitP50 - 25) < 1e-9)
        #expect(abs(result.waitP99 - 49.5) < 1e-9)
        #expect(abs(result.waitP999 - 49.95) < 1e-9)
        #expect(abs(result.waitMax - 50) < 1e-9)
        #expect(abs(result.waitMean - 25) < 1e-9)
        #expect(result.breaches == 40)
        #expect(abs(result.breachRatio - 40.0 / 101) < 1e-12)
    }

    @Test func accountsGoToTheHorizon() {
        let result = result(Self.run(), limit: 30)
        // One slot for 120 s, and what was left of the work then.
        #expect(abs(result.workerSeconds - 151.5) < 1e-9)
        #expect(abs(result.lowerBoundWorkerSeconds - 151.5) < 1e-9)
        #expect(result.scaleActions == 0)
        #expect(result.littlesLaw.gap <= 1e-9)
        #expect(abs(result.littlesLaw.rate - 101.0 / 120) < 1e-12)
    }

    @Test func json() throws {
        let result = result(Self.run(), limit: 30)
        let data = try JSONEncoder().encode(result)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let fields: Set = [
            "scenario", "policy", "seed", "arrivals", "admitted", "rejected", "breaches", "breach_ratio", "wait_p50",
            "wait_p99", "worker_seconds", "lower_bound_worker_seconds", "scale_actions", "littles_law",
        ]
        #expect(fields.isSubset(of: object.keys))
        let law = try #require(object["littles_law"] as? [String: Any])
        #expect(Set(law.keys) == ["L", "lambda", "W", "gap"])
        #expect(try JSONDecoder().decode(SimulationResult.self, from: data) == result)
    }

    @Test func nothingToDo() {
        let workload = Workload(name: "empty", arrivals: [], services: [], serviceTime: 1)
        let run = Simulator.run(workload, settings(limit: 1, slots: 1), policy: Constant(slots: 1))
        let result = result(run, limit: 1)
        #expect(result.arrivals == 0 && result.breachRatio == 0 && result.waitMax == 0)
        #expect(result.quoteCoverage == nil)
    }

    @Test func comparisonOfPolicies() {
        let small = Contender("28 slots") { _, _ in
            Constant(slots: 28)
        } adjust: {
            $0.initialSlots = 28
        }
        let many = Contender("list | trigger") { _, _ in ListTrigger() }
        var runs = 0
        var comparison = Comparison([small, many.demoting()], level: ReferenceSetting.tight.level)
        comparison.add(.init(.onoff, serviceTime: 0.5, seed: 2)) { runs += 1 }
        #expect(runs == 2)
        #expect(comparison.columns == ["onoff"])
        #expect(comparison.rows.map(\.policy) == ["28 slots", "list | trigger, demoting"])
        #expect(comparison.rows[0].kept(0.001) == 1)
        let plan = ReferenceClairvoyant(.onoff, .tight, seed: 2)
        #expect(comparison.rows[0].results[0].clairvoyantWorkerSeconds == plan?.workerSeconds)
        let cost = comparison.rows[0].results[0].workerSeconds / (plan?.workerSeconds ?? 1)
        #expect(abs(comparison.rows[0].meanCost - cost) < 1e-12)
        #expect(comparison.cells[1][1].hasPrefix("0 / 7.27 / "))
        #expect(comparison.markdown.contains("| list \\| trigger, demoting |"))
        let lines = comparison.text.split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines[1].count == lines[2].count && lines[2].count == lines[3].count)
    }

    @Test func hindsightFindsTheReferencesConstant() throws {
        let workload = Scenario.poisson.workload(serviceTime: 0.25, seed: 2)
        let level = ReferenceSetting.instant.level
        let result = try #require(Contender.bestConstant.run(workload, level, seed: 2, lowerBound: 1))
        #expect(abs(result.workerSeconds - 25201.773823753236) < 1e-6 * 25201)
    }

    @Test func referencePlansAreKnownForOneSeedOnly() {
        for scenario in Scenario.allCases {
            for setting in ReferenceSetting.allCases {
                let plan = ReferenceClairvoyant(scenario, setting, seed: 2)
                #expect((plan?.workerSeconds ?? 0) > (plan?.lowerBound ?? 1))
            }
        }
        #expect(ReferenceClairvoyant(.poisson, .relaxed, seed: 3) == nil)
        #expect(ReferenceSetting(ServiceLevel(limit: 30), serviceTime: 1) == nil)
        #expect(ReferenceSetting(ReferenceSetting.instant.level, serviceTime: 0.25) == .instant)
    }

    @Test func chartIsWellFormed() throws {
        let svg = Chart(Self.run(), limit: 30, title: "a < b & \"c\"\u{1}", buckets: 24).svg
        let parser = XMLParser(data: Data(svg.utf8))
        let counter = ElementCounter()
        parser.delegate = counter
        #expect(parser.parse())
        #expect(counter.paths == 5)
        #expect(svg.contains("a &lt; b &amp; &quot;c&quot; "))
        #expect(svg.contains("prefers-color-scheme: dark"))
        #expect(svg.contains(">limit 30 s<"))
        #expect(!svg.contains("nan") && !svg.contains("inf\""))
    }

    @Test func chartOfNothing() {
        let workload = Workload(name: "empty", arrivals: [], services: [], serviceTime: 1)
        let run = Simulator.run(workload, settings(limit: 1, slots: 1), policy: Constant(slots: 1))
        #expect(XMLParser(data: Data(Chart(run, limit: 1, title: "", buckets: -1).svg.utf8)).parse())
    }

    private final class ElementCounter: NSObject, XMLParserDelegate {
        var paths = 0

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            if name == "path" { paths += 1 }
        }
    }
}
