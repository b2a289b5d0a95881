import Foundation
import Queueing
import Testing

/// Where two models describe the same queue, they must agree.
@Suite("Models agree where they meet") struct ModelTests {
    static let cases: [(servers: Int, load: Double)] = [
        (1, 0.2), (1, 0.97), (2, 1.9), (5, 1.0), (10, 9.9), (40, 30), (150, 148),
    ]

    @Test(arguments: cases)
    func poissonSpacingAndExponentialPhases(servers: Int, load: Double) throws {
        let plain = try MMc(arrivalRate: load / 0.25, serviceTime: 0.25, servers: servers)
        for spacing in [ArrivalSpacing.exponential, .erlang(phases: 1)] {
            let spaced = try GIMc(arrivalRate: load / 0.25, serviceTime: 0.25, servers: servers, spacing: spacing)
            #expect(isClose(spaced.waitProbability, plain.waitProbability, 1e-10))
            #expect(isClose(spaced.meanWait, plain.meanWait, 1e-10))
            #expect(isClose(try spaced.waitTail(beyond: 0.3), try plain.waitTail(beyond: 0.3), 1e-10))
        }
        guard servers <= 40 else { return }
        let service = try PhaseService.hyperexponential2(mean: 0.25, variation: 1)
        let phases = try MPHc(arrivalRate: load / 0.25, servers: servers, service: service)
        #expect(isClose(phases.waitProbability, plain.waitProbability, 1e-9))
        #expect(isClose(phases.meanQueueLength, plain.meanQueueLength, 1e-9))
    }

    @Test(arguments: cases)
    func endlessRoomAndEndlessPatience(servers: Int, load: Double) throws {
        let plain = try MMc(arrivalRate: load, serviceTime: 1, servers: servers)
        let roomy = try MMcK(arrivalRate: load, serviceTime: 1, servers: servers, capacity: servers + 20_000)
        #expect(isClose(roomy.waitProbability, plain.waitProbability, 1e-10))
        #expect(isClose(roomy.meanWait, plain.meanWait, 1e-10))
        let patient = try ErlangA(arrivalRate: load, serviceTime: 1, servers: servers, meanPatience: 1e9)
        #expect(isClose(patient.waitProbability, plain.waitProbability, 1e-4))
        #expect(patient.abandonProbability < 1e-6)
        let lossy = try MMcK(arrivalRate: load, serviceTime: 1, servers: servers, capacity: servers)
        #expect(isClose(lossy.blockingProbability, try Erlang.blocking(servers: servers, load: load), 1e-12))
        #expect(lossy.waitProbability == 0 && lossy.meanWait == 0)
    }

    /// With one server every M/G/1 follows Pollaczek–Khinchine.
    @Test(arguments: [0.01, 0.3, 0.72, 0.9, 0.999])
    func oneServer(load: Double) throws {
        func mean(_ variation: Double) throws -> Double {
            try MG1(arrivalRate: load, serviceTime: 1, serviceVariation: variation).meanWait
        }
        let constant = try MDc(arrivalRate: load, serviceTime: 1, servers: 1)
        #expect(isClose(constant.meanWait, try mean(0), 1e-10) && isClose(constant.waitProbability, load, 1e-10))
        #expect(isClose(try MD1(arrivalRate: load, serviceTime: 1).meanWait, try mean(0), 1e-13))
        let erlang = try MPHc(arrivalRate: load, servers: 1, service: .erlang2(mean: 1))
        #expect(isClose(erlang.meanWait, try mean(0.5), 1e-9) && isClose(erlang.waitProbability, load, 1e-9))
        let uneven = try MPHc(arrivalRate: load, servers: 1, service: .hyperexponential2(mean: 1, variation: 9))
        #expect(isClose(uneven.meanWait, try mean(9), 1e-9) && isClose(uneven.waitProbability, load, 1e-9))
        let plain = try MMc(arrivalRate: load, serviceTime: 1, servers: 1)
        #expect(isClose(plain.meanWait, try mean(1), 1e-13) && isClose(plain.emptyProbability, 1 - load, 1e-13))
        #expect(
            try Kingman.meanWaitBound(
                arrivalRate: load, serviceTime: 1, arrivalVariation: 1, serviceVariation: 1) >= plain.meanWait)
    }

    /// Roots and random walk of M/D/c have nothing in common but the answer: no step where `MDc` changes from one to
    /// the other, at c·(ρ − 1 − ln ρ) = ½.
    @Test(arguments: [2, 3, 4, 25, 100, 1000, 20_000])
    func constantServiceHasTwoWays(servers: Int) throws {
        var low = 0.01
        var high = 1.0
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if Double(servers) * (middle - 1 - log(middle)) > 0.5 { low = middle } else { high = middle }
        }
        let load = Double(servers) * low
        let walk = try MDc(arrivalRate: load * (1 - 1e-12), serviceTime: 1, servers: servers)
        let roots = try MDc(arrivalRate: load * (1 + 1e-12), serviceTime: 1, servers: servers)
        #expect(walk != roots)
        #expect(isClose(walk.waitProbability, roots.waitProbability, 1e-9))
        #expect(isClose(walk.meanWait, roots.meanWait, 1e-9))
        let random = try MMc(arrivalRate: load, serviceTime: 1, servers: servers)
        #expect(walk.waitProbability < random.waitProbability && walk.meanWait < random.meanWait)
    }

    /// Crommelin's roots with 60 digits (mpmath); the first three are where roots in `Double` would lose all digits.
    @Test(
        arguments: [
            (2, 0.01, 4.9669960517817829e-5, 1.6584898602119132e-7),
            (10, 1, 1.1142550434956993e-7, 1.094781793840727e-8),
            (25, 5, 1.5995863992864356e-10, 3.7300504244565758e-11),
            (50, 30, 0.00051949884262857719, 0.00066711593074806724),
            (25, 22.5, 0.47933821743002502, 2.4118484622081873),
            (400, 390, 0.47292077904959297, 10.400643161499965),
            (100, 99.9, 0.98641117743019557, 493.85896819811977),
        ] as [(Int, Double, Double, Double)])
    func constantServiceKeepsItsDigits(servers: Int, load: Double, wait: Double, queue: Double) throws {
        let model = try MDc(arrivalRate: load / 3, serviceTime: 3, servers: servers)
        #expect(isClose(model.waitProbability, wait, 1e-11))
        #expect(isClose(model.meanQueueLength, queue, 1e-11))
    }

    /// Takács' sum with 60 digits (mpmath), where waits are rare and where there are many servers.
    @Test(
        arguments: [
            (10, 0.7, .constant, 1.070147027135327e-34), (10, 1.3, .erlang(phases: 2), 2.8269768378409959e-9),
            (50, 20, .constant, 7.1506344807794855e-18), (200, 199, .erlang(phases: 3), 0.89596950041512059),
            (3, 0.05, .constant, 7.6676480895262003e-53),
        ] as [(Int, Double, ArrivalSpacing, Double)])
    func spacedArrivalsKeepTheirDigits(servers: Int, load: Double, spacing: ArrivalSpacing, wait: Double) throws {
        let model = try GIMc(arrivalRate: load * 3, serviceTime: 1.0 / 3, servers: servers, spacing: spacing)
        #expect(isClose(model.waitProbability, wait, 1e-11), "\(model.waitProbability)")
    }

    @Test func constantServiceNearSaturation() throws {
        for servers in [1, 2, 3, 25, 1000] {
            let queue = try MDc(arrivalRate: Double(servers) * 0.999999, serviceTime: 1, servers: servers)
            // Heavy traffic: the wait tends to an exponential law with mean 1/(2c(1−ρ)).
            #expect(isClose(queue.meanWait, 1 / (2 * Double(servers) * 1e-6), 1e-3), "c=\(servers)")
            #expect(queue.waitProbability > 0.999 && queue.waitProbability <= 1)
        }
    }

    @Test func percentileInvertsTail() throws {
        let queue = try MMc(arrivalRate: 19, serviceTime: 1, servers: 20)
        for share in [0.5, 0.9, 0.999] {
            let time = try queue.waitPercentile(share)
            #expect(isClose(try queue.waitTail(beyond: time), 1 - share, 1e-12))
        }
        #expect(try queue.waitPercentile(0.1) == 0)
        #expect(isClose(queue.meanNumberInSystem, queue.arrivalRate * queue.meanTimeInSystem, 1e-12))
    }

    @Test func classesShareTheMeanWait() throws {
        let rates = [2.0, 0, 3, 3.5]
        let classes = try PriorityMMc(arrivalRates: rates, serviceTime: 1, servers: 9)
        let plain = try MMc(arrivalRate: 8.5, serviceTime: 1, servers: 9)
        // Who goes first changes who waits, not how much is waited in all.
        let mean = zip(rates, classes.meanWaits).map { $0 * $1 }.reduce(0, +) / 8.5
        #expect(isClose(mean, plain.meanWait, 1e-12))
        #expect(classes.meanWaits == classes.meanWaits.sorted())
    }

    @Test func approximationsAreExactWhereTheySay() throws {
        let queue = try MMc(arrivalRate: 8.5, serviceTime: 1, servers: 9)
        #expect(isClose(try queue.kimuraMeanWait(serviceVariation: 1), queue.meanWait, 1e-13))
        #expect(isClose(try queue.kimuraMeanWait(serviceVariation: 0), queue.cosmetatosMeanWait, 1e-13))
        let mean = try queue.allenCunneenMeanWait(arrivalVariation: 1, serviceVariation: 1)
        #expect(isClose(mean, queue.meanWait, 1e-13))
        let tail = try queue.approximateWaitTail(beyond: 2, arrivalVariation: 1, serviceVariation: 1)
        #expect(isClose(tail, try queue.waitTail(beyond: 2), 1e-13))
        let exact = try MDc(arrivalRate: 8.5, serviceTime: 1, servers: 9)
        #expect(isClose(queue.cosmetatosMeanWait, exact.meanWait, 0.02))
        // Square-root staffing meets its limit for a large load.
        let servers = try HalfinWhitt.servers(load: 1e6, beta: 1)
        let limit = try HalfinWhitt.waitProbability(beta: 1)
        #expect(isClose(try Erlang.waiting(servers: servers, load: 1e6), limit, 1e-3))
    }
}
