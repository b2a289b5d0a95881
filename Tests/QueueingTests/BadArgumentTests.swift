import Queueing
import SojournTestKit
import Testing

@Suite("Bad arguments are refused in one sentence") struct BadArgumentTests {
    private static let nonsense = [Double.nan, .infinity, -.infinity, -1]

    private func refuses(_ field: String, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("accepted a bad \(field)")
        } catch {
            #expect("\(error)".contains(field) && "\(error)".contains("must be"), "\(error)")
        }
    }

    @Test(arguments: nonsense + [0])
    func rateAndTime(bad: Double) {
        refuses("arrivalRate") { _ = try MMc(arrivalRate: bad, serviceTime: 1, servers: 2) }
        refuses("serviceTime") { _ = try MMc(arrivalRate: 1, serviceTime: bad, servers: 2) }
        refuses("arrivalRate") { _ = try MMcK(arrivalRate: bad, serviceTime: 1, servers: 2, capacity: 3) }
        refuses("meanPatience") {
            _ = try ErlangA(arrivalRate: 1, serviceTime: 1, servers: 2, meanPatience: bad)
        }
        refuses("arrivalRate") { _ = try MG1(arrivalRate: bad, serviceTime: 1, serviceVariation: 1) }
        refuses("serviceTime") { _ = try MD1(arrivalRate: 1, serviceTime: bad) }
        refuses("serviceTime") { _ = try MDc(arrivalRate: 1, serviceTime: bad, servers: 2) }
        refuses("arrivalRate") { _ = try GIMc(arrivalRate: bad, serviceTime: 1, servers: 2, spacing: .constant) }
        refuses("mean") { _ = try PhaseService.erlang2(mean: bad) }
        refuses("longestService") { _ = try HardPromise(servers: 1, longestService: bad) }
        refuses("wait") {
            _ = try Overload(arrivalRate: 1, serviceTime: 1, servers: 1, wait: bad, delay: 1)
        }
        refuses("serviceTime") { _ = try StaffingRule(wait: 1, lateShare: 0.1, serviceTime: bad) }
        refuses("beta") { _ = try HalfinWhitt.waitProbability(beta: bad) }
        refuses("fraction") { _ = try HoldTime(launchCost: 1, fraction: bad) }
    }

    @Test(arguments: nonsense)
    func loadsAndVariations(bad: Double) throws {
        refuses("load") { _ = try Erlang.blocking(servers: 2, load: bad) }
        refuses("load") { _ = try Erlang.waiting(servers: 2, load: bad) }
        refuses("load") { _ = try Erlang.servers(load: bad, blocking: 0.1) }
        refuses("blocking") { _ = try Erlang.load(servers: 2, blocking: bad) }
        refuses("serviceVariation") { _ = try MG1(arrivalRate: 0.5, serviceTime: 1, serviceVariation: bad) }
        refuses("variation") { _ = try PhaseService.hyperexponential2(mean: 1, variation: bad) }
        let queue = try MMc(arrivalRate: 1, serviceTime: 1, servers: 2)
        refuses("time") { _ = try queue.waitTail(beyond: bad) }
        refuses("share") { _ = try queue.waitPercentile(bad) }
        refuses("time") { _ = try MD1(arrivalRate: 0.5, serviceTime: 1).waitTail(beyond: bad) }
        refuses("wait") { _ = try StaffingRule(wait: bad, lateShare: 0.1, serviceTime: 1) }
        refuses("lateShare") { _ = try StaffingRule(wait: 1, lateShare: bad, serviceTime: 1) }
        refuses("load") { _ = try StaffingRule(wait: 1, lateShare: 0.1, serviceTime: 1).servers(load: bad) }
        refuses("wait") { _ = try HardPromise(servers: 1, longestService: 1).capacity(within: bad) }
        refuses("failure") { _ = try RetryLoad.amplification(failure: bad, retries: 1) }
        refuses("work") {
            _ = try DemandBound(demands: [.init(deadline: 1, work: bad)], delay: 1) { $0 }
        }
        refuses("departures") {
            _ = try LittleWindow(arrivals: [0], departures: [bad == .infinity ? -1 : bad], start: 0, end: 1)
        }
    }

    @Test(arguments: [0, -1, Int.min, Int.max])
    func counts(bad: Int) throws {
        refuses("servers") { _ = try MMc(arrivalRate: 1, serviceTime: 1, servers: bad) }
        refuses("servers") { _ = try MDc(arrivalRate: 1, serviceTime: 1, servers: bad) }
        refuses("servers") { _ = try MPHc(arrivalRate: 1, servers: bad, service: .erlang2(mean: 1)) }
        refuses("servers") { _ = try Erlang.waiting(servers: bad, load: 1) }
        refuses("servers") { _ = try HardPromise(servers: bad, longestService: 1) }
        refuses("capacity") { _ = try MMcK(arrivalRate: 1, serviceTime: 1, servers: 2, capacity: bad) }
        refuses("phases") {
            _ = try GIMc(arrivalRate: 1, serviceTime: 1, servers: 2, spacing: .erlang(phases: bad))
        }
    }

    @Test(arguments: [(1, 2), (2, 2), (1e200, 1e200)] as [(Double, Double)])
    func noSteadyState(rate: Double, time: Double) {
        refuses("utilization") { _ = try MMc(arrivalRate: rate, serviceTime: time, servers: 2) }
        refuses("utilization") { _ = try MDc(arrivalRate: rate, serviceTime: time, servers: 2) }
        refuses("utilization") { _ = try GIMc(arrivalRate: rate, serviceTime: time, servers: 2, spacing: .constant) }
        refuses("utilization") { _ = try MG1(arrivalRate: rate, serviceTime: time, serviceVariation: 0) }
        refuses("utilization") { _ = try MD1(arrivalRate: rate, serviceTime: time) }
        refuses("utilization") { _ = try PriorityMMc(arrivalRates: [rate, 0], serviceTime: time, servers: 2) }
    }

    @Test func noClassAtAll() {
        refuses("arrivalRate") { _ = try PriorityMMc(arrivalRates: [], serviceTime: 1, servers: 2) }
        refuses("departures") { _ = try LittleWindow(arrivals: [1], departures: [], start: 0, end: 2) }
        refuses("end") { _ = try LittleWindow(arrivals: [], departures: [], start: 2, end: 2) }
    }

    /// Numbers within their ranges, however odd, give numbers.
    @Test func oddButValid() throws {
        var generator = SplitMix64(seed: 8)
        let sizes = [1e-300, 1e-20, 1e-3, 1, 1e3, 1e20, 1e300]
        for _ in 0..<2000 {
            let pick = { (generator: inout SplitMix64) in sizes[Int.random(in: 0..<7, using: &generator)] }
            let rate = pick(&generator) * generator.unit()
            let time = pick(&generator) * generator.unit()
            let servers = Int.random(in: 1...100, using: &generator)
            let wait = pick(&generator)
            if let queue = try? MMc(arrivalRate: rate, serviceTime: time, servers: servers) {
                #expect((0...1).contains(queue.waitProbability) && !queue.meanWait.isNaN)
                #expect((0...1).contains(queue.emptyProbability))
                #expect(try (0...1).contains(queue.waitTail(beyond: wait)))
            }
            if let queue = try? MMcK(arrivalRate: rate, serviceTime: time, servers: servers, capacity: servers + 9) {
                #expect((0...1).contains(queue.blockingProbability) && (0...1).contains(queue.waitProbability))
            }
            if let queue = try? ErlangA(arrivalRate: rate, serviceTime: time, servers: servers, meanPatience: wait) {
                #expect((0...1).contains(queue.waitProbability) && !queue.meanQueueLength.isNaN)
            }
            if let queue = try? MDc(arrivalRate: rate, serviceTime: time, servers: servers) {
                #expect((0...1).contains(queue.waitProbability) && queue.meanQueueLength >= 0)
            }
            if let queue = try? GIMc(arrivalRate: rate, serviceTime: time, servers: servers, spacing: .constant) {
                #expect((0...1).contains(queue.waitProbability) && !queue.meanWait.isNaN)
            }
            let rule = try StaffingRule(wait: wait, lateShare: 0.01, serviceTime: time)
            #expect(try rule.servers(load: min(rate, 1e6)) >= 1)
            #expect(try (0...1).contains(rule.lateShare(servers: servers, load: rate)))
            let admission = try StochasticAdmission(
                servers: servers, longestService: time, meanService: time / 2, variance: rate, wait: wait)
            #expect(try (0...1).contains(admission.lateProbability(ahead: servers)))
        }
    }
}
