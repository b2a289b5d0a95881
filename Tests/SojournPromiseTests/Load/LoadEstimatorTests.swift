import SojournPromise
import SojournTestKit
import Testing

@Suite("What is estimated of the load")
struct LoadEstimatorTests {
    static let level = ServiceLevel(limit: 10, arrivalRate: 20, serviceTime: 1)

    @Test("A steady load is seen as it is")
    func steady() {
        var load = LoadStream(Self.level)
        load.begin()
        for _ in 0..<300 { load.tick(20, service: 0.5, spread: 0.5) }
        // 2,400 tasks of 0.5 s in the window, and 20 of the mean of all 6,000 and of 20 believed ones of 1 s.
        let usual = (6_000 * 0.5 + 20) / 6_020
        #expect(abs(load.estimator.serviceMean - (2_400 * 0.5 + 20 * usual) / 2_420) < 1e-12)
        #expect(abs(load.estimator.serviceVariation - 1) < 0.02)
        #expect(load.estimator.arrivalRate == 20)
        #expect(load.estimator.rate(up: 2, down: 2, jump: true) == 20)
        #expect(load.estimator.retryAmplification == 1)
        #expect(load.estimator.slowdown == nil)
    }

    @Test("Windows are measured in time, whatever the ticks are", arguments: [0.25, 0.5, 0.97, 1, 1.04, 2, 15, 60])
    func windows(seconds: Double) throws {
        var load = LoadStream(Self.level)
        load.begin()
        var random = Dice(seed: 4)
        for _ in 0..<Int(400 / seconds) {
            let step = seconds * (0.9 + 0.2 * random.unit())
            load.tick(Int((40 * step).rounded()), service: 0.5, seconds: step)
        }
        #expect(abs(load.estimator.rate(up: 8, down: 8) - 40) < 2)
        #expect(abs(load.estimator.serviceMean - 0.5) < 0.02)
        let window = try #require(load.estimator.arrivals(within: 30))
        #expect(abs(window.seconds - max(30, seconds)) <= max(1.2, 0.6 * seconds))
    }

    @Test("A tenfold step is seen within two ticks", arguments: [5.0, 10, 20, 50])
    func step(rate: Double) {
        var load = LoadStream(ServiceLevel(limit: 1, arrivalRate: rate, serviceTime: 1))
        load.begin()
        for _ in 0..<100 { load.tick(Int(rate)) }
        load.tick(Int(10 * rate))
        load.tick(Int(10 * rate))
        #expect(load.estimator.rate(up: 2, down: 2, jump: true) == 10 * rate)
        #expect(load.estimator.rate(up: 2, down: 2) > 5 * rate)
        // A window that may not speak keeps silent.
        #expect(load.estimator.rate(up: 32, down: 32) < 2 * rate)
    }

    @Test("The end of a burst is seen within seconds")
    func end() {
        var load = LoadStream(Self.level)
        load.begin()
        for _ in 0..<100 { load.tick(100) }
        for _ in 0..<3 { load.tick(5) }
        #expect(load.estimator.rate(up: 2, down: 2) < 20)
    }

    @Test("Noise moves nothing: two thousand ticks of a Poisson stream stay near its mean")
    func noise() {
        var load = LoadStream(ServiceLevel(limit: 1, arrivalRate: 10, serviceTime: 1))
        var random = Dice(seed: 7)
        load.begin()
        var outside = 0
        for tick in 0..<2_000 {
            load.tick(LoadStream.poisson(10, &random))
            guard tick > 60, let mean = load.estimator.arrivals(within: 60) else { continue }
            let plain = Double(mean.count) / mean.seconds
            if load.estimator.rate(up: 2, down: 2, jump: true) > 1.3 * plain { outside += 1 }
        }
        #expect(outside < 10, "z = 3 over five windows: a few per thousand")
    }

    @Test("Before anything is seen the contract holds, and without one what came")
    func early() {
        var known = LoadStream(Self.level)
        known.begin()
        known.tick(3)
        #expect(known.estimator.rate(up: 2, down: 2) == 20)
        var unknown = LoadStream(ServiceLevel(limit: 10, serviceTime: 1))
        #expect(unknown.estimator.rate(up: 2, down: 2) == 0)
        unknown.begin()
        #expect(unknown.estimator.rate(up: 2, down: 2) == 0)
        for _ in 0..<4 { unknown.tick(50) }
        #expect(unknown.estimator.rate(up: 2, down: 2) == 50)
        #expect(unknown.estimator.serviceMean > 0)
    }

    @Test("After a minute the prior of the rate is forgotten, after thousands of tasks that of the service time")
    func forgetsPriors() {
        var load = LoadStream(ServiceLevel(limit: 10, arrivalRate: 500, serviceTime: 40))
        load.begin()
        for _ in 0..<200 { load.tick(50, service: 0.1) }
        #expect(load.estimator.rate(up: 4, down: 4) == 50)
        #expect(load.estimator.serviceMean < 0.3)
    }

    @Test("Where little comes, the mean of hours is believed, not the contract")
    func learnsPrior() {
        var load = LoadStream(ServiceLevel(limit: 10, serviceTime: 0.1))
        load.begin()
        for tick in 0..<7_200 { load.tick(tick % 30 == 0 ? 1 : 0, service: 5) }
        #expect(load.estimator.serviceMean > 4)
    }

    @Test("A slow-down is seen while the slow attempts still run")
    func running() {
        var load = LoadStream(ServiceLevel(limit: 10, serviceTime: 0.1))
        load.begin()
        for _ in 0..<600 { load.tick(20, service: 0.1) }
        #expect(load.estimator.slowdown == nil)
        // Everything hangs: 40 slots are busy and nothing ends.
        load.sample.busy = 40
        for _ in 0..<120 {
            load.sample.busySeconds += 40
            load.tick(0)
        }
        #expect(load.estimator.serviceMean > 1)
        #expect((load.estimator.slowdown ?? 0) > 2)
    }

    @Test("Retries are told from first attempts")
    func retries() {
        var load = LoadStream(Self.level)
        load.begin()
        for _ in 0..<200 { load.tick(30, retries: 10) }
        #expect(abs(load.estimator.retryAmplification - 1.5) < 1e-12)
        #expect(load.estimator.arrivalRate == 30)
    }

    @Test("Samples without sense change nothing")
    func nonsense() {
        var load = LoadStream(Self.level)
        load.begin()
        for _ in 0..<100 { load.tick(20) }
        let before = (load.estimator.serviceMean, load.estimator.arrivalRate, load.estimator.age)
        var bad = load.sample
        for change: (inout QueueSample) -> Void in [
            { $0.now = .nan }, { $0.now = .infinity }, { $0.now -= 50 }, { $0.busySeconds = .nan },
            { $0.serviceSquareSum = .infinity }, { $0.arrived = -1 },
        ] {
            bad = load.sample
            bad.now += 1
            change(&bad)
            load.estimator.update(bad)
            #expect((load.estimator.serviceMean, load.estimator.arrivalRate, load.estimator.age) == before)
        }
    }

    @Test("Counts that became smaller start it anew; giant ones do not trap")
    func restarts() {
        var load = LoadStream(Self.level)
        load.begin()
        for _ in 0..<100 { load.tick(200) }
        var other = QueueSample(now: load.sample.now + 1)
        load.estimator.update(other)
        #expect(load.estimator.age == 0)
        #expect(load.estimator.rate(up: 2, down: 2) == 20)
        (other.now, other.arrived, other.completed) = (other.now + 10, .max, .max)
        load.estimator.update(other)
        #expect(load.estimator.rate(up: 2, down: 2) > 1e15)
        #expect(load.estimator.serviceMean >= 0)
    }
}
