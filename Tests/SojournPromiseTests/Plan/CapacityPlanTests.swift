import Queueing
import SojournPromise
import Testing

@Suite("A capacity plan")
struct CapacityPlanTests {
    private func plan(
        _ rate: Double = 20, _ time: Double = 0.2, limit: Double = 1, miss: Double = 0.01, slots: Int? = nil,
        scv: Double = 1
    ) throws -> CapacityPlan {
        try CapacityPlan(
            .init(
                arrivalRate: rate, serviceTime: time, serviceVariation: scv,
                level: ServiceLevel(limit: limit, miss: miss, serviceMax: 0.5, startup: 5), slots: slots))
    }

    @Test("it finds the fewest slots that keep the promise")
    func fewest() throws {
        let found = try plan(limit: 0.5)
        #expect(found.isKept && found.offeredLoad == 4)
        let fewer = try plan(limit: 0.5, slots: found.slots - 1)
        #expect(!fewer.isKept)
        #expect(found.workers == (found.slots + 4) / 5)
        #expect(found.maxDepth == 10 && found.hardDepth == found.slots)
    }

    @Test("its waits are Erlang's where the service is exponential")
    func erlang() throws {
        let found = try plan(slots: 6)
        let model = try MMc(arrivalRate: 20, serviceTime: 0.2, servers: 6)
        #expect(found.waitProbability == model.waitProbability && found.meanWait == model.meanWait)
        let percentile = try model.waitPercentile(0.99)
        #expect(abs(found.percentileWait - percentile) < 1e-9)
        let tail = try model.waitTail(beyond: 1)
        #expect(abs(found.lateShare - tail) < 1e-12)
    }

    @Test("heavier tails take more slots, and it says that it approximates")
    func tails() throws {
        let (light, heavy) = (try plan(limit: 0.3), try plan(limit: 0.3, scv: 10))
        #expect(heavy.slots > light.slots)
        #expect(heavy.method != light.method)
    }

    @Test("mishaps: what an overload and a lost worker come to")
    func mishaps() throws {
        let found = try plan(slots: 6)
        let doubled = try found.afterLoad(times: 2)
        #expect(doubled.utilization > 1 && doubled.lateShare == 1)
        #expect(doubled.firstLateAfter > 1 && doubled.unavoidablyLate > 0)
        let calm = try found.afterLoad(times: 1)
        #expect(calm.lateShare == found.lateShare && calm.firstLateAfter == .infinity)
        let lost = try found.afterLosingWorker()
        #expect(lost.utilization == 4 && lost.lateShare == 1)
        let all = try plan(slots: 5).afterLosingWorker()
        #expect(all.utilization == .infinity && all.firstLateAfter == 1)
    }

    @Test("prices fall with the limit and rise with the share")
    func prices() throws {
        let prices = try plan().prices()
        #expect(prices.count == 15)
        for price in prices {
            let dearer = prices.filter { $0.limit <= price.limit && $0.miss <= price.miss }
            #expect(dearer.allSatisfy { $0.slots >= price.slots })
        }
    }

    @Test("numbers out of range have no plan", arguments: [0, -1, .infinity, .nan])
    func badNumbers(rate: Double) {
        #expect(throws: QueueingError.self) { try plan(rate) }
    }

    @Test("too few slots have no steady state")
    func unstable() {
        #expect(throws: QueueingError.self) { try plan(slots: 4) }
    }
}
