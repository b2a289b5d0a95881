import Foundation
import SimulationKit
import Testing

/// A few hundred worlds in every test run; CI runs ten thousand with the release build, `scripts/simulate`.
@Suite("Seeds") struct SeedTests {
    static let parts: UInt64 = 8
    static let plan = SeedPlan(environment: ProcessInfo.processInfo.environment, count: 200)

    @Test(arguments: 0..<parts)
    func theProductKeepsItsPromises(part: UInt64) throws {
        let plan = try #require(Self.plan, "SOJOURN_SIMULATION_SEED, _SEEDS and _FIRST are numbers")
        for seed in plan.seeds where seed % Self.parts == part {
            let world = World(seed: seed, echo: plan.only == nil ? nil : Self.say)
            let findings = Checker.check(world.run())
            #expect(findings.isEmpty, "seed \(seed) of \(world.settings)")
        }
    }

    @Sendable private static func say(_ line: String) { print(line) }

    @Test func whatIsAskedForIsRun() {
        func plan(_ arguments: String..., environment: [String: String] = [:]) -> SeedPlan? {
            SeedPlan(arguments: arguments, environment: environment, count: 10)
        }
        #expect(plan()?.seeds == 0..<10)
        #expect(plan("--seeds", "7", "--first", "5")?.seeds == 5..<12)
        #expect(plan("--seed", "9")?.seeds == 9..<10)
        #expect(plan(environment: ["SOJOURN_SIMULATION_SEEDS": "3"])?.seeds == 0..<3)
        #expect(plan(environment: ["SOJOURN_SIMULATION_SEED": "4"])?.only == 4)
        #expect(plan("--seeds", "2", environment: ["SOJOURN_SIMULATION_SEEDS": "3"])?.count == 2)
        for wrong in [["--seed"], ["--seed", "x"], ["--sead", "1"]] {
            #expect(SeedPlan(arguments: wrong, environment: [:], count: 1) == nil)
        }
        #expect(plan(environment: ["SOJOURN_SIMULATION_SEEDS": "many"]) == nil)
    }
}
