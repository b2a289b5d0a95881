import Queueing
import SojournTestKit
import Testing

@Suite("Staffing") struct StaffingTests {
    /// One server fewer breaks the promise, always.
    @Test func isTheLeast() throws {
        var generator = SplitMix64(seed: 3)
        for _ in 0..<3000 {
            let scale = generator.uniform(-2, 3.5)
            var load = generator.uniform(1, 10)
            for _ in 0..<Int(scale.magnitude.rounded()) { load *= scale > 0 ? 10 : 0.1 }
            let rule = try StaffingRule(
                wait: Bool.random(using: &generator) ? 0 : generator.uniform(0, 20),
                lateShare: generator.uniform(1e-6, 0.6), serviceTime: generator.uniform(0.01, 5),
                arrivalVariation: generator.uniform(0, 3), serviceVariation: generator.uniform(0, 20))
            let servers = try rule.servers(load: load)
            #expect(try rule.lateShare(servers: servers, load: load) <= rule.lateShare * (1 + 1e-9))
            if servers > 1 {
                #expect(try rule.lateShare(servers: servers - 1, load: load) > rule.lateShare * (1 - 1e-9))
            }
        }
    }

    @Test(arguments: [1e4, 1e5, 1e6, 1e6 + 0.5])
    func largeLoads(load: Double) throws {
        let rule = try StaffingRule(wait: 0, lateShare: 0.001, serviceTime: 1)
        let servers = try rule.servers(load: load)
        let spare = (Double(servers) - load) / load.squareRoot()
        // Halfin–Whitt: P(wait) is 0.001 at β ≈ 3.115.
        #expect(spare > 3.0 && spare < 3.25)
        let limit = try HalfinWhitt.waitProbability(beta: spare)
        #expect(isClose(limit, 0.001, 0.1))
    }

    /// The values worked out in the design: 0.23 servers at m = 1, W = 30; 1.7 at m = 0.25, W = 1; 9.5 with c_s² = 10.
    @Test(arguments: [(1, 30, 1, 0.23), (1, 30, 10, 1.27), (0.5, 10, 1, 0.35), (0.25, 1, 1, 1.73), (0.25, 1, 10, 9.5)])
    func price(mean: Double, wait: Double, variation: Double, expected: Double) throws {
        let rule = try StaffingRule(
            wait: wait, lateShare: 0.001, serviceTime: mean, serviceVariation: variation)
        #expect(abs(rule.price - expected) < 0.005)
        // The price is an upper bound since C ≤ 1, to the next whole server.
        for load in [3.2, 50.5, 900.1] { #expect(Double(try rule.servers(load: load)) <= load + rule.price + 1) }
    }

    @Test func edges() throws {
        let certain = try StaffingRule(
            wait: 1, lateShare: 0.001, serviceTime: 1, arrivalVariation: 0, serviceVariation: 0)
        // Clockwork: one more than the load is enough.
        #expect(try certain.servers(load: 10) == 11)
        #expect(try certain.lateShare(servers: 10, load: 10) == 1)
        #expect(certain.price == 0)
        let noWait = try StaffingRule(
            wait: 0, lateShare: 0.5, serviceTime: 1, arrivalVariation: 0, serviceVariation: 0)
        #expect(noWait.price == .infinity)
        #expect(try noWait.servers(load: 10) > 10)
        #expect(try noWait.servers(load: 0) == 0)
        #expect(try noWait.servers(load: 1e-300) == 1)
        let strict = try StaffingRule(wait: 0, lateShare: 1e-300, serviceTime: 1)
        #expect(try strict.servers(load: 100) > 400)
    }
}
