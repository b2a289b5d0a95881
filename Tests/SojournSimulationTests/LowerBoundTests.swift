import SojournPromise
import SojournSimulation
import Testing

@Suite struct LowerBoundTests {
    /// With few steps and iterations the bound is not as good, but it holds, and most of the way is made.
    @Test func closeToTheLinearProgram() throws {
        let setting = ReferenceSetting.tight
        let workload = Scenario.onoff.workload(serviceTime: setting.serviceTime, seed: 2)
        let exact = try #require(ReferenceClairvoyant(.onoff, setting, seed: 2)).lowerBound
        let bound = LowerBound.certified(workload, setting.level, steps: 450, iterations: 1000)
        #expect(LowerBound.fluid(workload) < 0.85 * exact)
        #expect(bound < exact * 1.0001)
        #expect(bound > 0.98 * exact)
    }

    /// One burst: ten tasks of a second each, all of which must start at once.
    @Test func aBurstWithoutPatiencePaysForItsSlots() {
        let workload = Workload(
            name: "burst", arrivals: Array(repeating: 50, count: 10), services: Array(repeating: 1, count: 10),
            horizon: 100, serviceTime: 1)
        let level = ServiceLevel(limit: 0, startup: 15, teardown: 5)
        // Ten slots are launched, work for a second, and are removed: 21 s each.
        let bound = LowerBound.certified(workload, level, steps: 100, iterations: 5000)
        #expect(bound > 0.99 * 210)
        #expect(bound <= 210 + 1e-6)
        // With patience one slot does: 10 s of work, and at most one launch and removal.
        let patient = ServiceLevel(limit: 40, startup: 15, teardown: 5)
        let cheap = LowerBound.certified(workload, patient, steps: 100, iterations: 5000)
        #expect(cheap >= 10 && cheap <= 10 + 20 + 1e-6)
    }

    /// Random small workloads: no fleet that keeps every promise is cheaper than the bound.
    @Test(arguments: 0..<12 as Range<UInt64>)
    func noRunIsCheaper(seed: UInt64) {
        var random = NumPyRandom([seed, 9])
        let rate = 1 + 4 * random.uniform()
        var time = 0.0
        let arrivals = (0..<400).map { _ in
            time += random.exponential(1 / rate) * (random.uniform() < 0.02 ? 40 : 1)
            return time
        }
        let workload = Workload(
            name: "random", arrivals: arrivals, services: arrivals.map { _ in random.exponential(1) }, serviceTime: 1)
        let limit = [0.5, 3, 20][Int(seed % 3)]
        var settings = settings(limit: limit, slots: 40)
        settings.startup = 2
        settings.level.startup = 2
        settings.order = .fifo
        let bound = LowerBound.certified(workload, settings.level, steps: 200, iterations: 400)
        #expect(bound >= workload.work)
        for slots in [4, 8, 12, 20, 30, 40] {
            settings.initialSlots = slots
            let run = Simulator.run(workload, settings, policy: Constant(slots: slots))
            if result(run, limit: limit).breaches == 0 { #expect(run.workerSeconds >= bound) }
        }
    }

    @Test func nothingToDoCostsNothing() {
        let workload = Workload(name: "empty", arrivals: [], services: [], serviceTime: 1)
        #expect(LowerBound.certified(workload, ServiceLevel(limit: 1)) == 0)
    }
}
