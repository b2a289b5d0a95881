import SojournPromise
import SojournTestKit
import Testing

@Suite("The calibration of quoted waits")
struct CalibrationTests {
    /// Everything that was quoted to the tasks of a line whose load and services drift, and what became of it.
    struct Run {
        enum Services: String, CaseIterable, Sendable {
            case exponential, constant, lognormal, drifting
        }

        var calibration = Calibration()
        private(set) var byLine: [Calibration.Line: (held: Int, tasks: Int)] = [:]

        /// - Parameter step: seconds per task at the load 1, so that the drift takes many tasks.
        mutating func go(_ services: Services, slots: Int, tasks: Int, seed: UInt64) {
            var dice = Dice(seed: seed)
            var line = FifoLine(slots: slots)
            // Quotes that were given and whose tasks have not started, in the order of the line.
            var open: [(quote: WaitQuote, bound: Double, visit: FifoLine.Visit)] = []
            var head = 0
            var (now, mean, square) = (0.0, 1.0, 2.0)
            for index in 0..<tasks {
                let phase = Double(index) / 4_000
                // From 0.6 to 1.15 of the capacity and back; services that get longer and shorter again by a half.
                let load = 0.875 + 0.275 * Self.triangle(phase)
                let scale = services == .drifting ? 1 + 0.5 * Self.triangle(phase * 0.7) : 1
                now += dice.exponential(mean: scale / (load * Double(slots)))
                while head < open.count, open[head].visit.start <= now {
                    settle(open[head])
                    head += 1
                }
                let service = scale * Self.service(services, &dice)
                let ahead = open.count - head
                var outlook = AdmissionOutlook(now: now)
                (outlook.ready, outlook.busy, outlook.ahead) = (slots, line.busy(at: now), ahead)
                (outlook.serviceMean, outlook.serviceVariance) = (mean, max(0, square - mean * mean))
                let quote = WaitQuote(outlook)
                open.append(
                    (quote, calibration.bound(quote), line.visit(arrival: now, service: service)))
                mean += (service - mean) / 500
                square += (service * service - square) / 500
            }
        }

        private mutating func settle(_ task: (quote: WaitQuote, bound: Double, visit: FifoLine.Visit)) {
            let wait = task.visit.start - task.visit.arrival
            calibration.observe(task.quote, bound: task.bound, actual: wait)
            guard task.quote.mean > 0 else { return }
            let kind = Calibration.Line(task.quote)
            byLine[kind, default: (0, 0)].tasks += 1
            byLine[kind, default: (0, 0)].held += wait <= task.bound ? 1 : 0
        }

        private static func service(_ services: Services, _ dice: inout Dice) -> Double {
            switch services {
            case .exponential, .drifting: dice.exponential(mean: 1)
            case .constant: 1
            // Mean 1, squared coefficient of variation 3.5.
            case .lognormal: dice.lognormal(sigma: 1.2264) / 2.1213
            }
        }

        /// From -1 to 1 and back with period 1.
        private static func triangle(_ x: Double) -> Double {
            4 * abs((x - 0.25) - (x + 0.25).rounded(.down)) - 1
        }
    }

    @Test("quoted bounds hold for 93 to 97 % of those who wait, under drift", arguments: Run.Services.allCases, [2, 8])
    func coverage(services: Run.Services, slots: Int) throws {
        var run = Run()
        run.go(services, slots: slots, tasks: 40_000, seed: 11)
        let (waiting, all) = (run.calibration.waiting, run.calibration.all)
        #expect(waiting.tasks > 10_000)
        let share = try #require(waiting.share)
        let recent = try #require(waiting.recent)
        #expect((0.93...0.97).contains(share), "\(share)")
        #expect((0.93...0.97).contains(recent), "\(recent)")
        #expect(try #require(all.share) >= share)
    }

    @Test("z finds the 95th percentile of what is quoted wrongly by far")
    func learns() {
        var dice = Dice(seed: 3)
        var calibration = Calibration()
        // Long lines: the truth is mean + 3 ± 1 spreads, so 95 % are below mean + 4.645 spreads.
        for _ in 0..<20_000 {
            let quote = WaitQuote(mean: 100, spread: 5)
            calibration.observe(
                quote, bound: calibration.bound(quote), actual: 100 + 5 * (3 + dice.normal()))
        }
        #expect(abs(calibration.z(.long) - 4.645) < 0.5)
        #expect(calibration.z(.short) == 2)
    }

    @Test("z stays in its range, and numbers that are none change nothing")
    func range() {
        var calibration = Calibration(step: 1)
        let quote = WaitQuote(mean: 1, spread: 1)
        for _ in 0..<1_000 { calibration.observe(quote, bound: 0, actual: 9) }
        #expect(calibration.z(.short) == Calibration.range.upperBound)
        for _ in 0..<1_000 { calibration.observe(quote, bound: 10, actual: 9) }
        #expect(calibration.z(.short) == Calibration.range.lowerBound)
        #expect(calibration.bound(quote) == 0)
        let before = calibration.all
        calibration.observe(quote, bound: .nan, actual: 1)
        calibration.observe(quote, bound: 1, actual: .nan)
        calibration.observe(WaitQuote(mean: .infinity, spread: 0), bound: .infinity, actual: 1)
        #expect(calibration.all == before)
    }

    @Test("a free slot is quoted no wait, and a claim within the grace keeps that")
    func free() {
        var calibration = Calibration(grace: 0.01)
        let quote = WaitQuote(mean: 0, spread: 0)
        #expect(calibration.bound(quote) == 0)
        calibration.observe(quote, bound: 0, actual: 0.01)
        calibration.observe(quote, bound: 0, actual: 0.02)
        #expect(calibration.all.share == 0.5)
        #expect(calibration.waiting.tasks == 0)
        #expect(calibration.waiting.share == nil)
    }

    @Test("the recent share forgets what is more than 10,000 tasks ago")
    func recent() {
        var calibration = Calibration()
        let quote = WaitQuote(mean: 0, spread: 0)
        for index in 0..<25_000 { calibration.observe(quote, bound: 0, actual: index < 15_000 ? 1 : 0) }
        #expect(calibration.all.recent == 1)
        #expect(calibration.all.share == 0.4)
        for index in 0..<5_000 { calibration.observe(quote, bound: 0, actual: index % 2 == 0 ? 1 : 0) }
        #expect(calibration.all.recent == 0.75)
    }
}
