import SojournSimulation
import Testing

/// Whole runs against the Python reference: the event order, the line, the fleet and its bill are the same.
@Suite struct ReferenceParityTests {
    private struct Row: CustomTestStringConvertible {
        let scenario: Scenario
        let setting: ReferenceSetting
        let slots: Int
        let breachRatio: Double
        let p50: Double
        let p99: Double
        let longest: Double
        let mean: Double
        let cost: Double
        var testDescription: String { "\(scenario.rawValue) \(setting.rawValue)" }
    }

    private static let constant = [
        Row(
            scenario: .poisson, setting: .relaxed, slots: 21, breachRatio: 0, p50: 0.4785082557491478,
            p99: 5.182041711546221, longest: 7.313891805592448, mean: 0.9458629044661618, cost: 75654.497241239),
        Row(
            scenario: .onoff, setting: .tight, slots: 28, breachRatio: 0, p50: 1.4759719745697453,
            p99: 7.271350630560406, longest: 8.498241314788174, mean: 1.8635031312730121, cost: 100956.16747414306),
        Row(
            scenario: .lognormal10, setting: .instant, slots: 9, breachRatio: 0.0005106758864367245, p50: 0,
            p99: 0.2948762549041833, longest: 1.2997530624413685, mean: 0.01129176615646702, cost: 32403.49734158374),
    ]

    @Test(arguments: constant)
    private func constantFleet(_ row: Row) {
        let workload = row.scenario.workload(serviceTime: row.setting.serviceTime, seed: 2)
        let settings = settings(limit: row.setting.limit, serviceTime: row.setting.serviceTime, slots: row.slots)
        check(Simulator.run(workload, settings, policy: Constant(slots: row.slots)), row)
    }

    private static let scaled = [
        (
            SimulationSettings.Order.fifo, 48, 911,
            Row(
                scenario: .onoff, setting: .relaxed, slots: 0, breachRatio: 0.07317220361485773, p50: 0,
                p99: 53.41078226414204, longest: 55.2924428928136, mean: 6.234047588514201, cost: 284818.70975234354)
        ),
        (
            .demote, 49, 1022,
            Row(
                scenario: .onoff, setting: .relaxed, slots: 0, breachRatio: 0.03900003017410458, p50: 0,
                p99: 79.44212899371965, longest: 126.383548741852, mean: 7.587156625183178, cost: 320957.4696527506)
        ),
    ]

    @Test(arguments: scaled)
    private func scaledFleet(order: SimulationSettings.Order, actions: Int, launched: Int, row: Row) {
        let workload = row.scenario.workload(serviceTime: row.setting.serviceTime, seed: 2)
        var settings = settings(limit: row.setting.limit)
        settings.order = order
        let run = Simulator.run(workload, settings, policy: ListTrigger())
        check(run, row)
        #expect(run.scaleActions == actions)
        #expect(run.launched == launched)
    }

    private func check(_ run: Simulation, _ row: Row) {
        let result = result(run, limit: row.setting.limit)
        let pairs = [
            (result.breachRatio, row.breachRatio), (result.waitP50, row.p50), (result.waitP99, row.p99),
            (result.waitMax, row.longest), (result.waitMean, row.mean), (result.workerSeconds, row.cost),
        ]
        for (value, expected) in pairs { #expect(abs(value - expected) <= 1e-6 * max(1, abs(expected))) }
        #expect(result.littlesLaw.gap <= 1e-9)
        #expect(result.rejected == 0)
    }
}
