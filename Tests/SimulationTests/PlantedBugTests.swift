import SimulationKit
import SojournModel
import Testing

/// The simulation is worth what it finds: every planted bug, soon.
@Suite("Planted bugs") struct PlantedBugTests {
    /// Seeds that a bug gets.
    private static let most: UInt64 = 1_000

    @Test(arguments: PlantedBug.all)
    func isCaught(bug: PlantedBug) throws {
        for seed in 0..<Self.most {
            let world = World(seed: seed, sabotage: bug.plant(Dice(seed: seed, salt: 77)))
            let broken = Set(Checker.check(world.run()).map(\.invariant))
            guard broken.contains(bug.breaks) else { continue }
            print("\(bug.name): \(bug.breaks) after \(seed + 1) seeds")
            return
        }
        Issue.record("\(bug.name): not caught by \(bug.breaks) within \(Self.most) seeds")
    }

    @Test func eachHasANameOfItsOwn() {
        let names = PlantedBug.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count >= 15)
        let invariants = Set(Checker.rules.map(\.invariant))
        for bug in PlantedBug.all { #expect(invariants.contains(bug.breaks), "\(bug.name)") }
    }
}
