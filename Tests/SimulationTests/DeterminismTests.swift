import SimulationKit
import Testing

@Suite("Determinism") struct DeterminismTests {
    /// The same seed gives the same run: every step of every task, in the same order, at the same virtual time.
    @Test func aSeedIsARun() {
        var traces: Set<UInt64> = []
        for seed: UInt64 in 0..<200 {
            let (one, two) = (World(seed: seed), World(seed: seed))
            let (first, second) = (one.run(), two.run())
            #expect(one.trace == two.trace, "seed \(seed)")
            #expect(one.steps == two.steps, "seed \(seed)")
            #expect(first.final == second.final, "seed \(seed)")
            traces.insert(one.trace)
        }
        #expect(traces.count == 200, "every seed gives another run")
    }

    /// What is told while it runs changes nothing.
    @Test func lookingOnChangesNothing() {
        for seed: UInt64 in 0..<5 {
            let (quiet, told) = (World(seed: seed), World(seed: seed) { _ in })
            _ = (quiet.run(), told.run())
            #expect(quiet.trace == told.trace)
        }
    }
}
