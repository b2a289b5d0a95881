import Queueing
import SojournTestKit
import Testing

@Suite("Admission, retries, hold time") struct AdmissionTests {
    /// Bernstein's bound holds in 20,000 simulated runs, and rises with the tasks ahead.
    @Test(arguments: [(4, 10), (4, 14), (8, 30), (2, 5)])
    func boundHolds(servers: Int, ahead: Int) throws {
        // Service uniform on [0, 1]: mean ½, variance 1/12.
        let wait = 0.5 * Double(ahead) / Double(servers) + 1.4
        let admission = try StochasticAdmission(
            servers: servers, longestService: 1, meanService: 0.5, variance: 1.0 / 12, wait: wait)
        let bound = try admission.lateProbability(ahead: ahead)
        var generator = SplitMix64(seed: ahead)
        var late = 0
        for _ in 0..<20_000 {
            var line = Line(servers: servers)
            for _ in 0..<(servers + ahead) { _ = line.start(arrival: 0, service: generator.unit()) }
            if line.start(arrival: 0, service: 0) > wait { late += 1 }
        }
        #expect(bound < 1 && Double(late) / 20_000 <= bound)
        #expect(try admission.lateProbability(ahead: ahead + 1) > bound)
        // Knowing how long the services have lasted can only help.
        let known = try admission.lateProbability(ahead: ahead, elapsed: Array(repeating: 0.5, count: servers))
        #expect(known < bound)
    }

    @Test func capacityIsTheLargest() throws {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<300 {
            let longest = generator.uniform(0.5, 3)
            let mean = generator.uniform(0.05, longest / 2)
            let admission = try StochasticAdmission(
                servers: Int.random(in: 1...50, using: &generator), longestService: longest, meanService: mean,
                variance: mean * (longest - mean) * generator.unit(), wait: generator.uniform(0, 20))
            let share = generator.uniform(1e-6, 0.3)
            let capacity = try admission.capacity(lateShare: share)
            if capacity > 0 { #expect(try admission.lateProbability(ahead: capacity - 1) <= share) }
            #expect(try admission.lateProbability(ahead: capacity) > share)
        }
    }

    @Test func bernsteinByHand() throws {
        // u = 4·3 − 4 − 10·½ = 3, so exp(−9/(20/12 + 2)).
        let admission = try StochasticAdmission(
            servers: 4, longestService: 1, meanService: 0.5, variance: 1.0 / 12, wait: 3)
        #expect(isClose(try admission.lateProbability(ahead: 10), 0.085902233037876298, 1e-14))
    }

    @Test func nobodyAheadAndNoTime() throws {
        let admission = try StochasticAdmission(
            servers: 2, longestService: 1, meanService: 0.5, variance: 0.1, wait: 1.1)
        #expect(try admission.lateProbability(ahead: 0) == 0)
        #expect(try admission.lateProbability(ahead: 100) == 1)
    }

    /// The estimated bound is below the true mean in at most δ/2 of the samples.
    @Test func sampleMeanBound() throws {
        var generator = SplitMix64(seed: 6)
        var below = 0
        for _ in 0..<2000 {
            let sample = (0..<50).map { _ in generator.unit() < 0.3 ? 1.0 : 0.0 }
            let mean = sample.reduce(0, +) / 50
            let variance = sample.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 49
            let bound = try SampleMean.upperBound(
                mean: mean, variance: variance, count: 50, largest: 1, risk: 0.1)
            #expect(bound > mean)
            if bound < 0.3 { below += 1 }
        }
        #expect(below <= 100)
        // √(2·0.25·ln 40/100) + 7·ln 40/(3·99) on top of a half, worked out by hand.
        let example = try SampleMean.upperBound(mean: 0.5, variance: 0.25, count: 100, largest: 1, risk: 0.1)
        #expect(isClose(example, 0.722_753_44, 1e-7))
    }

    /// Whatever is admitted under earliest-deadline-first starts in time, with the longest services and any arrivals.
    @Test func admittedClassesAreInTime() throws {
        var admitted = 0
        var refused = 0
        for seed in 0..<1000 {
            var generator = SplitMix64(seed: seed)
            var run = ClassRun(servers: Int.random(in: 1...6, using: &generator), longest: generator.uniform(0.5, 2))
            for _ in 0..<150 { try run.arrive(&generator) }
            run.advance(to: .greatestFiniteMagnitude)
            #expect(run.worstLateness <= 1e-9)
            admitted += run.admitted
            refused += run.refused
        }
        #expect(admitted > 20_000 && refused > 20_000)
    }

    @Test(arguments: [(0, 5, 1), (1, 3, 4), (0.5, 1, 1.5), (0.1, 2, 1.11), (0.25, 0, 1)] as [(Double, Int, Double)])
    func amplification(failure: Double, retries: Int, expected: Double) throws {
        #expect(isClose(try RetryLoad.amplification(failure: failure, retries: retries), expected, 1e-14))
        let rate = try RetryLoad.attemptRate(arrivalRate: 20, failure: failure, retries: retries)
        #expect(isClose(rate, 20 * expected, 1e-14))
    }

    @Test func amplificationBounds() throws {
        let nearly = try RetryLoad.amplification(failure: 1 - 1e-15, retries: 9)
        #expect(isClose(nearly, 10, 1e-13))
        #expect(try RetryLoad.budgeted(share: 0.1) == 1.1)
    }

    /// Against every idle time, and against the formula's own worst case.
    @Test(arguments: [(1, 2), (0.25, 5), (3, 4)] as [(Double, Double)])
    func skiRental(fraction: Double, ratio: Double) throws {
        let hold = try HoldTime(launchCost: 20, fraction: fraction)
        #expect(hold.competitiveRatio == ratio && hold.seconds == 20 * fraction)
        let worst =
            (1...10_000).map { step in
                let idle = Double(step) * 0.01 + 1e-9
                let ours = idle <= hold.seconds ? idle : hold.seconds + 20
                return ours / min(idle, 20)
            }.max() ?? 0
        #expect(worst <= ratio && worst > 0.99 * ratio)
    }
}
