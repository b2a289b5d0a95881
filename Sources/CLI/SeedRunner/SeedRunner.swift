import Foundation
import SimulationKit

/// Runs simulated worlds by seed: `SeedRunner [--seeds N] [--first N]`, or `SeedRunner --seed N` for the trace of one.
@main
enum SeedRunner {
    /// Seeds of an ordinary run.
    private static let ordinary: UInt64 = 10_000
    /// Worlds that run side by side; each is single-threaded, and knows nothing of the others.
    private static let sideBySide = UInt64(max(1, ProcessInfo.processInfo.activeProcessorCount))

    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let environment = ProcessInfo.processInfo.environment
        guard let plan = SeedPlan(arguments: arguments, environment: environment, count: ordinary) else {
            print("usage: SeedRunner [--seeds N] [--first N] | --seed N")
            exit(2)
        }
        if let seed = plan.only { exit(replay(seed) ? 0 : 1) }
        exit(await run(plan) ? 0 : 1)
    }

    /// Prints all that happens in one world.
    private static func replay(_ seed: UInt64) -> Bool {
        let world = World(seed: seed, echo: say)
        print(world.settings)
        let findings = Checker.check(world.run())
        for finding in findings { print(finding) }
        print("seed \(seed): \(findings.count) findings, \(world.steps) steps, trace \(world.trace)")
        return findings.isEmpty
    }

    /// Whether nothing was found in any of the worlds.
    private static func run(_ plan: SeedPlan) async -> Bool {
        let watch = Stopwatch()
        let broken = await withTaskGroup(of: Int.self) { group in
            for lane in 0..<sideBySide { group.addTask { await run(plan.seeds, lane) } }
            return await group.reduce(0, +)
        }
        print("\(plan.count) seeds from \(plan.first), \(broken) with findings, \(watch.seconds) s")
        return broken == 0
    }

    /// Every so manieth seed; how many had findings.
    @concurrent
    private static func run(_ seeds: Range<UInt64>, _ lane: UInt64) async -> Int {
        var broken = 0
        for seed in seeds where seed % sideBySide == lane {
            let findings = Checker.check(World(seed: seed).run())
            if findings.isEmpty { continue }
            broken += 1
            for finding in findings { print("seed \(seed): \(finding)") }
        }
        return broken
    }

    @Sendable private static func say(_ line: String) { print(line) }
}
