import SojournSimulation
import Testing

/// Counts and sums are those of the Python reference for seed 2.
@Suite struct ScenarioTests {
    private struct Expected: CustomTestStringConvertible {
        let scenario: Scenario
        let count: Int
        let work: Double
        let first: Double
        let middle: Double
        let last: Double
        let initialRate: Double
        var testDescription: String { scenario.rawValue }
    }

    private static let expected = [
        Expected(
            scenario: .poisson, count: 71884, work: 71953.76188422648, first: 0.08000516164070753,
            middle: 1796.7955299059586, last: 3599.9981555679606, initialRate: 19.833333333333332),
        Expected(
            scenario: .diurnal, count: 143859, work: 143843.00936567588, first: 0.3192727582849083,
            middle: 3662.2366021871744, last: 7199.822837330897, initialRate: 3.6333333333333333),
        Expected(
            scenario: .flash10, count: 89753, work: 89441.79120640879, first: 0.25507167754000015,
            middle: 1530.241427660435, last: 3599.7028982325196, initialRate: 9.5),
        Expected(
            scenario: .onoff, count: 66282, work: 66479.01044119138, first: 0.010174054000685358,
            middle: 1672.9674614457954, last: 3599.9994071689252, initialRate: 5.166666666666667),
        Expected(
            scenario: .ramp, count: 192154, work: 192522.46551297387, first: 0.05717266931657577,
            middle: 2078.9123188486083, last: 3599.9652192779054, initialRate: 6.4),
        Expected(
            scenario: .lognormal10, count: 72453, work: 72123.40137967661, first: 0.04412584589270977,
            middle: 1800.5319330842003, last: 3599.998893796806, initialRate: 20.583333333333332),
        Expected(
            scenario: .pareto, count: 72317, work: 72565.59971654508, first: 0.01072789883239258,
            middle: 1803.3379606079511, last: 3599.9142907957767, initialRate: 19.883333333333333),
        Expected(
            scenario: .semiFinal, count: 162201, work: 162208.58147955677, first: 0.007884895062039265,
            middle: 5377.279740929548, last: 10799.648244799671, initialRate: 11.016666666666667),
        Expected(
            scenario: .opening, count: 161955, work: 162407.3222761409, first: 0.060427089618001265,
            middle: 3766.248288547846, last: 10799.937435250386, initialRate: 25.283333333333335),
    ]

    @Test(arguments: expected)
    private func asInTheReference(_ expected: Expected) {
        let workload = expected.scenario.workload(serviceTime: 1, seed: 2)
        #expect(workload.arrivals.count == expected.count)
        #expect(abs(workload.work - expected.work) < 1e-9 * expected.work)
        #expect(workload.arrivals.first == expected.first)
        #expect(workload.arrivals[expected.count / 2] == expected.middle)
        #expect(workload.arrivals.last == expected.last)
        #expect(workload.initialRate == expected.initialRate)
        #expect(workload.nominalRate == Double(expected.count) / expected.scenario.horizon)
    }

    @Test func everyScenarioIsCovered() {
        #expect(Self.expected.map(\.scenario) == Scenario.allCases)
    }

    @Test func seedsDiffer() {
        #expect(Scenario.onoff.workload(seed: 1).arrivals != Scenario.onoff.workload(seed: 3).arrivals)
        #expect(Scenario.onoff.workload(seed: 1) == Scenario.onoff.workload(seed: 1))
    }

    @Test func workloadsAreSortedAndSane() {
        let workload = Workload(
            name: "own", arrivals: [3, 1, .nan, 2, -5], services: [30, 10, 1, .infinity], serviceTime: 7)
        #expect(workload.arrivals == [0, 0, 1, 2, 3])
        #expect(workload.services == [1, 7, 10, 0, 30])
        #expect(workload.horizon == 3)
        #expect(workload.initialRate == 1)
        #expect(workload.initialSlots == 11)
    }
}
