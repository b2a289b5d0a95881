import SojournModel
import SojournPromise
import SojournTestKit
import Testing

@Suite("Little's law as an audit")
struct LittlesLawAuditTests {
    typealias Diagnosis = LittlesLawAudit.Diagnosis

    private func visits(
        _ seconds: Double, rate: @escaping (Double) -> Double = { _ in 20 }, seed: UInt64 = 1
    ) -> [FifoLine.Visit] {
        var dice = Dice(seed: seed)
        return FifoLine.visits(slots: 8, mean: 0.35, until: seconds, using: &dice, rate: rate)
    }

    @Test("a worked example: two tasks, one still there", arguments: [0, 1, 2, 3, 4, 5])
    func example(rotation: Int) {
        // In at 1 s and 2 s, out at 4 s; at 10 s: I = 3 + 8, J = 3, P = 8. In any order.
        let events: [(inout LittlesLawAudit) -> Void] = [
            { $0.gauge(1, at: at(1)) }, { $0.arrive(at: at(1)) }, { $0.gauge(1, at: at(2)) },
            { $0.arrive(at: at(2)) }, { $0.gauge(-1, at: at(4)) }, { $0.depart(since: at(1), at: at(4)) },
        ]
        var audit = LittlesLawAudit()
        for index in events.indices { events[(index + rotation) % events.count](&audit) }
        #expect(audit.exactGap(at: at(10)) == 0)
        audit.gauge(1, at: at(5))
        #expect(audit.exactGap(at: at(10)) == 5_000_000)
        #expect(audit.gap(at: at(10)) == 5)
        #expect(audit.read(at: at(6)).relativeGap == 0)
        let reading = audit.read(at: at(10))
        #expect(reading.gap == 5)
        // Since then the gap grew by 4, and I by 8.
        #expect(reading.relativeGap == 4.0 / 8)
    }

    @Test("clean traffic told out of order has a gap of exactly 0 and never alarms")
    func clean() {
        let tasks = visits(10_000, rate: { 5 + 4 * (($0 / 500).truncatingRemainder(dividingBy: 2) < 1 ? 1 : -1) })
        var worst = Diagnosis.clean
        let line = AuditedLine(tasks, end: 10_000, jitter: 0.3)
        var audit = line.run { _, _, diagnosis in if diagnosis != .clean { worst = diagnosis } }
        #expect(tasks.count > 40_000)
        #expect(worst == .clean)
        // What was told late has arrived with the last second.
        #expect(audit.read(at: at(20_000)).relativeGap < 1e-5)
        let prompt = AuditedLine(visits(1_000), end: 1_000).run { _, reading, _ in #expect(reading.gap == 0) }
        #expect(prompt.diagnosis == .clean)
    }

    @Test("a leak is a share of the last minute, however old the audit is, and is none once it is mended")
    func share() {
        var audit = LittlesLawAudit()
        for second in 0..<100_000 {
            if second % 1_000 == 0 { audit.read(at: at(second)) }
            audit.gauge(1, at: at(second))
            audit.arrive(at: at(second))
            audit.gauge(-1, at: at(second + 1))
            audit.depart(since: at(second), at: at(second + 1))
        }
        audit.read(at: at(100_000))
        audit.gauge(1, at: at(100_000))
        #expect(audit.read(at: at(100_060)).relativeGap == 1)
        audit.gauge(-1, at: at(100_060))
        audit.read(at: at(100_061))
        #expect(audit.read(at: at(100_200)).relativeGap == 0)
    }

    @Test("stamps that differ by up to 100 ms either way are no fault", arguments: [UInt64(1), 2, 3])
    func noise(seed: UInt64) {
        var alarms = 0
        _ = AuditedLine(
            visits(2_000, seed: seed), end: 2_000, jitter: 0.3, noise: 0.1, dice: Dice(seed: seed + 9)
        ).run { _, _, diagnosis in alarms += diagnosis == .clean ? 0 : 1 }
        #expect(alarms == 0)
    }

    @Test("a leak is named within 60 s, with its size and its time", arguments: [1, 2, 3, -1, -2, 7], [1, 5, 10])
    func leak(tasks: Int, step: Int) {
        for (jitter, noise) in [(0.0, 0.0), (0.2, 0.01)] {
            var (named, wrong): (Int?, Diagnosis?)
            let line = AuditedLine(
                visits(460), end: 460, fault: .lost(tasks), from: 300, jitter: jitter, noise: noise)
            let audit = line.run(every: step) { second, _, diagnosis in
                switch diagnosis {
                case .leak(tasks, _): named = named ?? second
                case .leak, .clock: wrong = diagnosis
                case .clean, .unexplained: if second < 300 { #expect(diagnosis == .clean) }
                }
            }
            #expect(wrong == nil)
            #expect((named ?? 999) <= 362, "named at \(named ?? 999)")
            guard case .leak(_, let since) = audit.diagnosis else { return }
            let second = Double(since.microseconds - AuditedLine.noon) / 1e6
            #expect(abs(second - 300) < 3, "since \(second)")
        }
    }

    @Test("a leak that goes on, a task every ten seconds, is named with its present size")
    func growing() {
        var audit = LittlesLawAudit()
        var sizes: [Int] = []
        for second in 0..<200 {
            audit.gauge(1, at: at(second))
            audit.arrive(at: at(second))
            if second < 100 || second % 10 != 0 { audit.gauge(-1, at: at(second)) }
            audit.depart(since: at(second), at: at(second))
            audit.read(at: at(second))
            if case .leak(let tasks, let since) = audit.diagnosis {
                sizes.append(tasks)
                #expect(abs(Double(since.microseconds - AuditedLine.noon) / 1e6 - 100) <= 20)
            }
        }
        #expect(sizes == sizes.sorted())
        #expect(sizes.count > 160 - 100)
        #expect(sizes.last == 10)
    }

    @Test("a leak without any load is a leak")
    func idle() {
        var audit = LittlesLawAudit()
        audit.gauge(1, at: at(0))
        for second in 1...60 { audit.read(at: at(second)) }
        #expect(audit.diagnosis == .leak(tasks: 1, since: at(1)))
        #expect("\(audit.diagnosis)" == "1 task leaked or double-counted since 12:00:01Z")
    }

    @Test("a leak that was set right is clean again within a minute")
    func repaired() {
        var audit = LittlesLawAudit()
        audit.gauge(2, at: at(0))
        for second in 1...100 { audit.read(at: at(second)) }
        audit.gauge(-2, at: at(100))
        for second in 101...160 { audit.read(at: at(second)) }
        #expect(audit.diagnosis == .clean)
        #expect(audit.gap(at: at(160)) == 200)
    }

    @Test("a skewed clock is told from a leak", arguments: [0.05, -0.05, 0.2], [1, 5])
    func clock(skew: Double, step: Int) throws {
        var wrong: Diagnosis?
        let line = AuditedLine(visits(500), end: 500, fault: .skew(skew), from: 200, jitter: 0.1)
        let audit = line.run(every: step) { _, _, diagnosis in if case .leak = diagnosis { wrong = diagnosis } }
        #expect(wrong == nil)
        guard case .clock(let offset, let since) = audit.diagnosis else {
            Issue.record("\(audit.diagnosis)")
            return
        }
        #expect(abs(offset - skew) < 0.1 * abs(skew), "\(offset)")
        #expect(abs(Double(since.microseconds - AuditedLine.noon) / 1e6 - 200) < 12)
    }

    @Test("one task a second with a clock one second ahead looks like a leak, and the surplus says that it is none")
    func constantThroughput() {
        for isClock in [true, false] {
            var audit = LittlesLawAudit()
            for second in 0..<120 {
                audit.gauge(1, at: at(second))
                audit.arrive(at: at(second))
                if isClock || second != 30 { audit.gauge(-1, at: at(second + 1)) }
                audit.depart(since: at(second), at: at(second + (isClock ? 2 : 1)))
                audit.read(at: at(second + 1))
            }
            switch audit.diagnosis {
            case .clock(let offset, _): #expect(isClock && abs(offset - 1) < 1e-9)
            case .leak(1, let since): #expect(!isClock && since == at(31))
            default: Issue.record("\(audit.diagnosis)")
            }
        }
    }

    @Test("a consumer's stamp beside the backend's measures its clock, with a clean gap", arguments: [0.05, -0.05])
    func measured(skew: Double) throws {
        var last: LittlesLawAudit.Reading?
        let line = AuditedLine(visits(300), end: 300, fault: .skewBeside(skew), from: 100)
        let audit = line.run { second, reading, diagnosis in
            #expect(reading.gap == 0)
            if second < 100 { #expect(diagnosis == .clean) }
            last = reading
        }
        let offset = try #require(last?.clockOffset)
        #expect(abs(offset.minimum - (skew + 0.002)) < 0.001)
        #expect(abs(offset.mean - (skew + 0.007)) < 0.001)
        guard case .clock(let found, let since) = audit.diagnosis else {
            Issue.record("\(audit.diagnosis)")
            return
        }
        #expect(abs(found - skew) < 0.008)
        #expect(abs(Double(since.microseconds - AuditedLine.noon) / 1e6 - 101) <= 1)
    }

    @Test("a new base makes the gap 0 and keeps it there")
    func rebase() {
        var audit = LittlesLawAudit()
        audit.gauge(3, at: at(0))
        for second in 1...60 { audit.read(at: at(second)) }
        #expect(audit.diagnosis != .clean)
        audit.rebase(arrivals: [at(10), at(20)])
        #expect(audit.diagnosis == .clean)
        #expect(audit.exactGap(at: at(61)) == 0)
        audit.gauge(-1, at: at(70))
        audit.depart(since: at(10), at: at(70))
        #expect(audit.exactGap(at: at(99)) == 0)
    }

    @Test("instants and counts at the ends of their range do not trap")
    func extremes() {
        var audit = LittlesLawAudit()
        for instant in [Timestamp.distantPast, .distantFuture] {
            audit.gauge(.max, at: instant)
            audit.gauge(.min, at: instant)
            audit.arrive(at: instant)
            audit.depart(since: .distantPast, at: instant, consumer: .distantPast)
            audit.read(at: instant)
        }
        #expect(audit.read(at: .distantPast).gap.isFinite)
    }
}

@Suite("The words of the audit")
struct AuditWordsTests {
    @Test(
        "each diagnosis is a sentence",
        arguments: [
            (LittlesLawAudit.Diagnosis.clean, "depth and waits agree"),
            (.leak(tasks: 1, since: at(190)), "1 task leaked or double-counted since 12:03:10Z"),
            (.leak(tasks: 12, since: at(0)), "12 tasks leaked or double-counted since 12:00:00Z"),
            (.leak(tasks: -1, since: at(43_199)), "1 task left without being counted since 23:59:59Z"),
            (.leak(tasks: -3, since: at(43_200)), "3 tasks left without being counted since 00:00:00Z"),
            (.clock(offset: 0.05, since: at(0)), "consumer clock ahead by 50 ms since 12:00:00Z"),
            (.clock(offset: -1.5, since: at(0)), "consumer clock behind by 1500 ms since 12:00:00Z"),
            (.unexplained(slope: -0.72, since: at(0)), "depth and waits drift apart by -0.7 tasks since 12:00:00Z"),
            (
                .leak(tasks: 1, since: Timestamp(microseconds: -1)),
                "1 task leaked or double-counted since 23:59:59Z"
            ),
        ])
    func words(diagnosis: LittlesLawAudit.Diagnosis, sentence: String) {
        #expect("\(diagnosis)" == sentence)
        #expect((diagnosis.since == nil) == (diagnosis == .clean))
    }
}

/// So many seconds after noon.
private func at(_ seconds: Int) -> Timestamp {
    Timestamp(microseconds: AuditedLine.noon + Int64(seconds) * 1_000_000)
}
