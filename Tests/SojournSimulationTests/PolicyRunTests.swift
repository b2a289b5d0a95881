import SojournPromise
import SojournSimulation
import Testing

/// The real policies in the simulator.
@Suite struct PolicyRunTests {
    private static let workload = Scenario.onoff.workload(serviceTime: 0.5, seed: 2)

    /// The audit does not depend on what the policy, the order or the admission do.
    @Test(arguments: ScalingPolicies.names)
    func everyRunBalances(name: String) throws {
        for contender in [Contender.named(name), .named(name).demoting(), .named(name).rejecting()] {
            let result = try #require(
                contender.run(Self.workload, ReferenceSetting.tight.level, seed: 2, lowerBound: Self.workload.work))
            #expect(result.littlesLaw.gap <= 1e-9)
            #expect(result.admitted + result.rejected == Self.workload.arrivals.count)
            #expect(result.workerSeconds > 0)
            #expect(result.policy == contender.label)
        }
    }

    @Test func aPolicyThatDoesNotExist() {
        #expect(Contender.named("astrology").run(Self.workload, ServiceLevel(limit: 1), seed: 1, lowerBound: 1) == nil)
    }

    /// A row of the reference whose policy has an own copy here: utilisation as seen through a Kubernetes autoscaler.
    @Test func theRivalIsTheReferences() throws {
        let workload = Scenario.poisson.workload(serviceTime: 0.25, seed: 2)
        let result = try #require(
            Contender.named("hpa-cpu").run(workload, ReferenceSetting.instant.level, seed: 2, lowerBound: 1))
        #expect(result.scaleActions == 5)
        #expect(result.breaches == 0)
        #expect(abs(result.waitP99 - 0.22198801455725575) < 1e-6)
        #expect(abs(result.workerSeconds - 29716.27784550256) < 1e-6 * 29716)
    }
}
