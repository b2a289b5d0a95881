import SojournPromise
import SojournTestKit
import Testing

@Suite("Foresight")
struct ForesightTests {
    static func level(
        limit: Double = 10, service: Double = 0.5, startup: Double = 5, workers: ClosedRange<Int> = 1...1_000,
        rate: Double? = nil, perWorker: Int = 1
    ) -> ServiceLevel {
        ServiceLevel(
            limit: limit, miss: 0.001, arrivalRate: rate, serviceTime: service, startup: startup, teardown: 2,
            tasksPerWorker: perWorker, workers: workers)
    }

    static func line(_ level: ServiceLevel, slots: Int) -> Line {
        Line(level, slots: slots, service: level.serviceTime, policy: Foresight(level: level))
    }

    @Test("A steady load is served by little more than it needs, and nobody is late")
    func steady() throws {
        var line = Self.line(Self.level(), slots: 1)
        line.run(600, rate: 20)
        #expect((10...12).contains(line.current))
        #expect(try #require(line.waits.max()) <= 10)
    }

    @Test("A tenfold step that leaves time to react makes nobody late; its slots are asked for within two ticks")
    func step() throws {
        let level = Self.level(startup: 3)
        var line = Self.line(level, slots: 3)
        line.run(300, rate: 4)
        line.run(120, rate: 40)
        #expect(try #require(line.waits.max()) <= 10)
        var tight = Self.line(Self.level(limit: 2, startup: 5), slots: 3)
        tight.run(300, rate: 4)
        tight.run(2.1, rate: 40)
        // 40/s of 0.5 s each are 20 slots.
        #expect(tight.current >= 20)
    }

    @Test("Silence leads to the fewest slots, and to none only where one can be launched in time")
    func silence() {
        for (least, startup, expected) in [(2, 5.0, 2), (0, 5, 0), (0, 20, 1)] {
            var line = Self.line(Self.level(startup: startup, workers: least...50), slots: 9)
            line.run(60, rate: 20)
            line.run(300, rate: 0)
            #expect(line.current == expected)
        }
    }

    @Test("From no slots at all the first task is in time")
    func fromZero() throws {
        var line = Self.line(Self.level(workers: 0...50), slots: 0)
        line.run(60, rate: 0)
        #expect(line.current == 0)
        line.run(60, rate: 0.5)
        #expect(try #require(line.waits.max()) <= 10)
        #expect(!line.waits.isEmpty)
    }

    @Test("Never below the fewest, never above the most, and only whole workers", arguments: [1, 4, 7])
    func bounds(perWorker: Int) {
        var line = Self.line(Self.level(workers: 2...9, perWorker: perWorker), slots: 2 * perWorker)
        for rate in [0, 17, 3, 60, 0, 8.0] { line.run(90, rate: rate * Double(perWorker)) }
        #expect(line.advice.count > 3)
        for advice in line.advice {
            #expect((2 * perWorker...9 * perWorker).contains(advice.slots))
            #expect(advice.slots % perWorker == 0)
            #expect(advice.slots != advice.before)
        }
    }

    @Test("A fleet outside its bounds is brought back at once")
    func outside() {
        for (slots, expected) in [(0, 3), (80, 20)] {
            var line = Self.line(Self.level(workers: 3...20), slots: slots)
            line.run(30, rate: slots == 0 ? 0 : 30)
            #expect(slots == 0 ? line.current == expected : line.current <= expected)
            if slots == 0 { #expect(line.advice.first?.reason == "3 slots are the fewest allowed: launch 3") }
        }
    }

    @Test("A controller that starts beside a running fleet looks before it stops anything")
    func startsBeside() {
        var line = Self.line(Self.level(), slots: 40)
        line.run(7, rate: 0)
        #expect(line.current == 40)
        line.run(20, rate: 0)
        #expect(line.current == 1)
    }

    @Test("Where W is long next to what comes by chance, the fleet is hardly larger than the load")
    func lean() throws {
        var line = Self.line(Self.level(limit: 60, service: 1), slots: 25)
        line.run(900, rate: 20)
        #expect((20...21).contains(line.current))
        #expect(try #require(line.waits.max()) <= 60)
    }

    @Test("No growth while all service is slow; lost slots are replaced")
    func fuse() {
        var line = Self.line(Self.level(), slots: 1)
        line.run(900, rate: 20)
        // The service slows down to a tenth: at first the fleet grows, then m̂ is over twice its baseline.
        line.run(200, rate: 20, serviceFactor: 10)
        let frozen = line.current
        #expect(line.load.slowdown != nil)
        line.run(100, rate: 20, serviceFactor: 10)
        #expect(line.current <= frozen)
        #expect(line.sample.late > 0, "it would have grown")
        var replaced = line
        replaced.lose(3)
        replaced.run(5, rate: 20, serviceFactor: 10)
        #expect(replaced.current == frozen)
    }

    @Test("A promise that was given for sure is kept by every scale-down (T2)", arguments: 1...40)
    func keepsPromises(seed: Int) {
        var level = Self.level(limit: 12, workers: 1...200)
        level.mode = .hard(crashes: 1)
        level.serviceMax = 2
        var random = Dice(seed: UInt64(seed))
        var policy = Foresight(level: level)
        var load = LoadEstimator(level: level)
        var sample = QueueSample()
        sample.ageStep = level.limit / 64
        for _ in 0..<120 {
            sample.now += 1
            sample.ready = 1 + Int(60 * random.unit())
            sample.busy = sample.ready
            sample.busySeconds += Double(sample.busy)
            sample.completed += 2 * sample.busy
            let oldest = 1 + Int(60 * random.unit())
            sample.waitingByAge = (0..<oldest).map { _ in Int(4 * random.unit()) }
            sample.waiting = sample.waitingByAge.reduce(0, +)
            sample.arrived = sample.completed + sample.waiting
            load.update(sample)
            guard let advice = policy.decide(sample, load), advice.slots < sample.current else { continue }
            // T1 for each waiting task with the slots that stay: ⌈(n + 1 + f)/(c − f)⌉·S_max ≤ slack.
            var ahead = 0
            for age in sample.waitingByAge.indices.reversed() {
                ahead += sample.waitingByAge[age]
                guard sample.waitingByAge[age] > 0 else { continue }
                let slack = level.limit - Double(age + 1) * sample.ageStep
                let rounds = (Double(ahead + 1) / Double(advice.slots - 1)).rounded(.up)
                #expect(rounds * level.serviceMax <= slack)
            }
        }
    }

    @Test("Late tasks that stand behind the others are drained in a minute, not at once")
    func late() {
        func launched(_ overflow: ServiceLevel.Overflow) -> Int {
            var level = Self.level(rate: 2)
            level.overflow = overflow
            var policy = Foresight(level: level)
            var load = LoadEstimator(level: level)
            var sample = QueueSample()
            for _ in 0..<100 {
                sample.now += 1
                sample.arrived += 2
                sample.completed += 2
                sample.busySeconds += 1
                (sample.ready, sample.busy) = (1, 1)
                load.update(sample)
            }
            (sample.late, sample.waiting) = (600, 600)
            return (policy.decide(sample, load)?.slots ?? 0) - 1
        }
        // 300 slot-seconds of late work: in 60 s past the start-up, or in D + G = 7 s where others stand behind it.
        #expect((4...7).contains(launched(.demote)))
        #expect(launched(.accept) > 30)
    }

    @Test("A start-up that is measured to be longer asks for more")
    func startup() {
        func slots(_ startup: Double) -> Int {
            var policy = Foresight(level: Self.level())
            policy.startup = startup
            var load = LoadEstimator(level: policy.level)
            var sample = QueueSample()
            for second in 0..<100 {
                sample.now += 1
                sample.arrived += second < 98 ? 4 : 60
                (sample.completed, sample.busySeconds) = (sample.completed + 4, sample.busySeconds + 2)
                (sample.ready, sample.busy) = (3, 3)
                load.update(sample)
            }
            sample.waiting = 112
            sample.waitingByAge = Array(repeating: 9, count: 12)
            sample.ageStep = 10.0 / 64
            return policy.decide(sample, load)?.slots ?? sample.current
        }
        #expect(slots(6) > slots(1))
    }

    @Test("A reserve for steps that nobody announces")
    func reserve() {
        var level = Self.level(limit: 1, startup: 15)
        level.burst = 10
        var line = Self.line(level, slots: 3)
        line.run(200, rate: 4)
        // κλm(1 − W/D') = 10·4·0.5·(1 − 1/17)
        #expect(line.current == 19)
    }

    @Test("The same samples give the same advice")
    func deterministic() {
        func history() -> [String] {
            var line = Self.line(Self.level(), slots: 2)
            for rate in [3, 60, 1, 25.0] { line.run(80, rate: rate) }
            return line.advice.map { "\($0.now) \($0.slots) \($0.reason)" }
        }
        #expect(history() == history())
        #expect(history().count > 4)
    }

    @Test("The reason names the numbers that decided")
    func reasons() throws {
        var line = Self.line(Self.level(startup: 3), slots: 2)
        line.run(100, rate: 2)
        line.run(60, rate: 30)
        line.run(100, rate: 2)
        let growth = try #require(line.advice.first { $0.slots > $0.before + 2 })
        #expect(growth.reason.hasPrefix("λ ") && growth.reason.hasSuffix(": launch \(growth.slots - growth.before)"))
        #expect(growth.reason.contains("must start within"))
        let stop = try #require(line.advice.last { $0.slots < $0.before })
        #expect(stop.reason.contains("\(stop.slots) slots have been enough for"))
        #expect(stop.reason.hasSuffix(": stop \(stop.before - stop.slots)"))
        #expect(line.advice.allSatisfy { $0.reason.count < 160 })
    }
}
