import SojournPromise
import SojournSimulation
import Testing

@Suite struct FaultTests {
    @Test func aLostSlotSendsItsTaskToTheHeadOfTheLine() {
        let workload = Workload(
            name: "own", arrivals: [1, 1, 2], services: [10, 10, 1], horizon: 30, serviceTime: 1)
        var settings = settings(limit: 30, slots: 2)
        settings.crashes = [.init(at: 3)]
        let run = Simulator.run(workload, settings, policy: Constant(slots: 2))
        #expect(run.started == [1, 1, 21])
        #expect(run.crashed == 1)
        // Two slots for three seconds, then one.
        #expect(run.workerSeconds == 33)
        #expect(abs(run.littlesLaw.depth - 27.0 / 30) < 1e-12)
        #expect(abs(run.littlesLaw.rate - 4.0 / 30) < 1e-12)
        #expect(run.littlesLaw.gap <= 1e-9)
    }

    @Test func idleSlotsVanishOnlyWhereNoneIsBusy() {
        let workload = Workload(name: "own", arrivals: [5], services: [1], horizon: 20, serviceTime: 1)
        var settings = settings(limit: 30, slots: 3)
        settings.crashes = [.init(at: 2, slots: 2), .init(at: 5.5, slots: 9)]
        let run = Simulator.run(workload, settings, policy: Constant(slots: 3))
        #expect(run.crashed == 1)
        #expect(run.started == [5])
        // The policy is asked again at 60 s; until the horizon nothing is billed, and after it the task's own second.
        #expect(run.workerSeconds == 3 * 2 + 3.5 + 1)
        #expect(run.moments.last?.current == 3)
        #expect(run.littlesLaw.gap <= 1e-9)
    }

    /// T1 with crashes: the real rule admits no task that could start late, whatever comes.
    @Test(arguments: [0, 1, 3])
    func hardPromiseSurvivesCrashes(crashes: Int) {
        for seed in 0..<20 as Range<UInt64> {
            var random = NumPyRandom([seed, UInt64(crashes)])
            var time = 0.0
            let arrivals = (0..<2000).map { _ in
                // Bursts of three times what eight slots can do.
                time += random.uniform() < 0.97 ? random.exponential(1.0 / 24) : random.uniform() * 2
                return time
            }
            let services = arrivals.map { _ in random.uniform() < 0.7 ? 1 : random.uniform() }
            let workload = Workload(name: "bursts", arrivals: arrivals, services: services, serviceTime: 1)
            var level = ServiceLevel(
                limit: 4.5, serviceTime: 1, serviceMax: 1, startup: 1, overflow: .reject,
                mode: .hard(crashes: crashes), tasksPerWorker: 1, workers: 8...8)
            level.arrivalRate = workload.nominalRate
            var settings = SimulationSettings(level: level)
            settings.initialSlots = 8
            settings.order = .fifo
            if crashes > 0 { settings.crashes = [.init(at: time / 2, slots: crashes)] }
            let run = Simulator.run(workload, settings, policy: Constant(slots: 8))
            let result = result(run, limit: level.limit)
            #expect(result.breaches == 0)
            #expect(result.rejected > 0 && result.admitted > 500)
            #expect(result.admitted + result.rejected == result.arrivals)
            #expect(result.littlesLaw.gap <= 1e-9)
        }
    }

    @Test func driftChangesTheServiceOfLaterStarts() {
        let workload = Workload(name: "own", arrivals: [1, 10], services: [2, 2], horizon: 40, serviceTime: 2)
        var settings = settings(limit: 30, slots: 1)
        settings.drift = { $0 < 5 ? 1 : 3 }
        let run = Simulator.run(
            Workload(name: "own", arrivals: [1, 10, 10], services: [2, 2, 2], horizon: 40, serviceTime: 2), settings,
            policy: Constant(slots: 1))
        #expect(run.started == [1, 10, 16])
        #expect(Simulator.run(workload, settings, policy: Constant(slots: 1)).workerSeconds == 40)
    }

    @Test func quotesHoldAboutAsOftenAsTheySay() {
        let workload = Scenario.poisson.workload(serviceTime: 1, seed: 5)
        var settings = settings(limit: 30, slots: 21)
        settings.admission = true
        let result = result(Simulator.run(workload, settings, policy: Constant(slots: 21)), limit: 30)
        #expect(result.rejected == 0)
        let coverage = result.quoteCoverage ?? 0
        #expect(coverage > 0.93 && coverage < 0.97, "\(coverage)")
    }

    @Test func theFleetNeverShrinksBelowTheLeast() {
        let workload = Workload(name: "own", arrivals: [1], services: [1], horizon: 10, serviceTime: 1)
        let run = Simulator.run(workload, settings(limit: 30, slots: 0), policy: Constant(slots: -5))
        #expect(run.moments.allSatisfy { $0.current == 1 })
        #expect(run.started == [15])
    }
}
