import Queueing
import Testing

@Suite("Overload") struct OverloadTests {
    /// Fluid at a rate of 50: the backlog reaches `depth`, help comes `delay` later, everything drains at ten times λ.
    private func worstWait(_ overload: Overload, launchedAt depth: Double) -> Double {
        let rate = overload.arrivalRate
        let served = overload.serviceRate
        let help = depth / (rate - served) + overload.delay
        return (0..<20_000).map { step in
            let arrival = Double(step) * 0.01
            let ahead = rate * arrival
            let isBefore = served > 0 && ahead <= served * help
            return (isBefore ? ahead / served : help + (ahead - served * help) / (10 * rate)) - arrival
        }.max() ?? 0
    }

    @Test(arguments: [(30, 30, 15), (45, 10, 20), (0, 30, 15), (10, 20, 10)] as [(Int, Double, Double)])
    func latestSafeDepthIsExact(servers: Int, wait: Double, delay: Double) throws {
        let overload = try Overload(arrivalRate: 50, serviceTime: 1, servers: servers, wait: wait, delay: delay)
        let depth = overload.latestSafeDepth
        #expect(worstWait(overload, launchedAt: depth - 2) <= wait)
        #expect(worstWait(overload, launchedAt: depth + 2) > wait)
        #expect(isClose(overload.safeThreshold, depth / (50 * wait), 1e-12))
    }

    @Test func depthIsSteadyWhereOverloadBegins() throws {
        func depth(_ servers: Int) throws -> Double {
            try Overload(arrivalRate: 50, serviceTime: 1, servers: servers, wait: 4, delay: 100).latestSafeDepth
        }
        #expect(try depth(50) == 200 && depth(60) == 200)
        #expect(try depth(49) == 100)
        #expect(try depth(10) < 0)
        let calm = try Overload(arrivalRate: 50, serviceTime: 1, servers: 60, wait: 4, delay: 100)
        #expect(calm.safeThreshold == 1)
    }

    /// κ = 10, ρ = 0.85: a delay of 1.13 W is the limit.
    @Test func longestSafeDelay() throws {
        let limit = try Overload.longestSafeDelay(wait: 30, factor: 10, utilization: 0.85)
        #expect(isClose(limit, 34, 1e-12))
        #expect(try Overload.longestSafeDelay(wait: 30, factor: 1, utilization: 0.85) == .infinity)
        #expect(try Overload.longestSafeDelay(wait: 30, factor: 1e300, utilization: 1e300) == 30)
        // At the limit the safe depth is 0: one must launch at the very beginning, and not a second later.
        let step = try Overload(arrivalRate: 170, serviceTime: 1, servers: 20, wait: 30, delay: limit)
        #expect(abs(step.latestSafeDepth) < 1e-9)
    }

    /// A discrete step: constant arrivals and services, boundless help at the delay. No order of service does better
    /// than the bound, and leaving out the doomed comes close to it.
    @Test(arguments: [(20, 1, 16.5), (15, 10, 16.5), (5, 2, 40)] as [(Int, Double, Double)])
    func someAreLateWhateverIsDone(servers: Int, wait: Double, delay: Double) throws {
        let rate = 100.0
        let service = 0.5
        let overload = try Overload(
            arrivalRate: rate, serviceTime: service, servers: servers, wait: wait, delay: delay)
        let arrivals = (0..<Int(rate * delay)).map { Double($0) / rate }
        var freeAt = [Double](repeating: 0, count: servers)
        var fifo = Line(servers: servers)
        var lateInOrder = 0
        var late = 0
        for arrival in arrivals {
            if min(fifo.start(arrival: arrival, service: service), max(arrival, delay)) > arrival + wait {
                lateInOrder += 1
            }
            let first = freeAt.indices.min { freeAt[$0] < freeAt[$1] } ?? 0
            let start = max(arrival, freeAt[first])
            if min(start, max(arrival, delay)) > arrival + wait {
                late += 1
            } else if start < delay {
                freeAt[first] = start + service
            }
        }
        #expect(overload.unavoidablyLate > 50)
        #expect(Double(lateInOrder) >= overload.unavoidablyLate)
        #expect(Double(late) >= overload.unavoidablyLate - 1)
        #expect(Double(late) <= overload.unavoidablyLate + 2 * Double(servers) + rate * service)
    }

    @Test func standingReserve() throws {
        // W = 1, D = 16.5: 94 % of the peak must stand ready all the time.
        let tight = try Overload(arrivalRate: 100, serviceTime: 0.5, servers: 6, wait: 1, delay: 16.5)
        #expect(isClose(tight.standingReserve / 50, 1 - 1 / 16.5, 1e-12))
        let loose = try Overload(arrivalRate: 100, serviceTime: 0.5, servers: 6, wait: 30, delay: 16.5)
        #expect(loose.standingReserve == 0 && loose.unavoidablyLate == 0)
        // With the reserve at work from the beginning, but for its first tasks, nobody need be late.
        let reserve = Int(tight.standingReserve.rounded(.up))
        let kept = try Overload(arrivalRate: 100, serviceTime: 0.5, servers: reserve, wait: 1, delay: 16.5)
        #expect(kept.unavoidablyLate == 0 && kept.latestSafeDepth >= 0)
    }

    @Test func demandBound() throws {
        // 10 s of work due at 4, 30 s more at 10; two servers now; a new one needs 5 s.
        let demands = [DemandBound.Demand(deadline: 10, work: 30), .init(deadline: 4, work: 10)]
        let bound = try DemandBound(demands: demands, delay: 5) { 2 * $0 }
        #expect(bound.lost == 2)
        #expect(bound.servers == Double(40 - 2 - 20) / 5)
        let calm = try DemandBound(demands: demands, delay: 5) { 5 * $0 }
        #expect(calm == (try DemandBound(demands: [], delay: 5) { $0 }))
        let overdue = try DemandBound(demands: [.init(deadline: -1, work: 3)], delay: 0) { _ in 100 }
        #expect(overdue.lost == 3 && overdue.servers == 0)
    }
}
