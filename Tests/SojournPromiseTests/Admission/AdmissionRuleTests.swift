import SojournPromise
import SojournTestKit
import Testing

@Suite("Admission")
struct AdmissionRuleTests {
    private static let level = ServiceLevel(limit: 2, overflow: .reject)

    private static func outlook(_ ahead: Int, ready: Int = 10, mean: Double = 0.5) -> AdmissionOutlook {
        var outlook = AdmissionOutlook()
        outlook.ready = ready
        outlook.busy = ready
        outlook.ahead = ahead
        outlook.serviceMean = mean
        outlook.serviceVariance = mean * mean
        outlook.arrivalRate = 10
        outlook.launchDelay = 5
        return outlook
    }

    private func isAdmitted(_ outlook: AdmissionOutlook, _ level: ServiceLevel = level) -> Bool {
        var rule = AdmissionRule(level)
        if case .admitted = rule.decide(outlook) { return true }
        return false
    }

    @Test("a task is taken while the slots of W cover the work ahead")
    func coversWork() {
        // 10 slots for 2 s do 20 slot-seconds: 40 tasks of 0.5 s, less 10 that run and some deviation.
        #expect(isAdmitted(Self.outlook(20)))
        #expect(!isAdmitted(Self.outlook(31)))
    }

    @Test("waitingMax is the last number at which a task is taken", arguments: [1, 3, 10, 100], [0.01, 0.3, 1.9])
    func waitingMax(ready: Int, mean: Double) {
        let most = AdmissionRule(Self.level).waitingMax(Self.outlook(0, ready: ready, mean: mean))
        #expect(most == 0 || isAdmitted(Self.outlook(most - 1, ready: ready, mean: mean)))
        #expect(!isAdmitted(Self.outlook(most, ready: ready, mean: mean)))
    }

    @Test("a free slot takes a task whatever is believed")
    func freeSlot() {
        var outlook = Self.outlook(0, mean: 1_000)
        outlook.busy = 9
        #expect(isAdmitted(outlook))
        outlook.ahead = 1
        #expect(!isAdmitted(outlook))
    }

    @Test("slots that are starting, and those that may be launched, count from when they are ready")
    func slotsToCome() {
        #expect(!isAdmitted(Self.outlook(35)))
        var starting = Self.outlook(35)
        starting.pending = Array(repeating: 0.5, count: 10)
        #expect(isAdmitted(starting))
        starting.pending = Array(repeating: 1.95, count: 10)
        #expect(!isAdmitted(starting))
        var launchable = Self.outlook(35)
        launchable.launchable = 20
        #expect(!isAdmitted(launchable))
        launchable.launchDelay = 0.5
        #expect(isAdmitted(launchable))
    }

    @Test("only a queue that rejects refuses", arguments: [ServiceLevel.Overflow.accept, .demote])
    func othersTakeAll(overflow: ServiceLevel.Overflow) {
        #expect(isAdmitted(Self.outlook(1_000_000), ServiceLevel(limit: 2, overflow: overflow)))
    }

    @Test("without slots nothing is taken, and there is still an answer")
    func noSlots() {
        var rule = AdmissionRule(Self.level)
        guard case .refused(let seconds) = rule.decide(Self.outlook(0, ready: 0)) else {
            Issue.record("a task was taken that nobody serves")
            return
        }
        #expect(seconds >= 5 && seconds.isFinite)
    }

    @Test("bad numbers neither trap nor give nonsense", arguments: [0, -1, .infinity, .nan])
    func badNumbers(mean: Double) {
        var rule = AdmissionRule(Self.level)
        var outlook = Self.outlook(50, mean: mean)
        outlook.arrivalRate = mean
        if case .refused(let seconds) = rule.decide(outlook) { #expect(seconds > 0 && seconds.isFinite) }
        _ = rule.waitingMax(outlook)
    }

    @Test("who comes back when told finds room in at least 95 of 100 cases, and not all come at once")
    func retryAfter() {
        var random = Dice(seed: 7)
        var rule = AdmissionRule(Self.level)
        var line = FirstComeLine(slots: 10)
        // 400 at once, then 12 per second, on slots that do 20 per second.
        var arrivals = (0..<400).map { (instant: Double($0) * 0.0001, isBack: false) }
        arrivals += (0..<600).map { (instant: Double($0) / 12, isBack: false) }
        var (back, welcome) = (0, 0)
        var told: [Double] = []
        while let index = arrivals.indices.min(by: { arrivals[$0].instant < arrivals[$1].instant }) {
            let arrival = arrivals.remove(at: index)
            line.advance(to: arrival.instant)
            var outlook = Self.outlook(line.waiting)
            outlook.now = arrival.instant
            outlook.arrivalRate = 12
            outlook.busy = line.busy(at: arrival.instant)
            back += arrival.isBack ? 1 : 0
            switch rule.decide(outlook) {
            case .admitted:
                welcome += arrival.isBack ? 1 : 0
                line.come(random.exponential(mean: 0.5), at: arrival.instant)
            case .refused(let seconds):
                told.append(seconds)
                arrivals.append((arrival.instant + seconds, true))
            }
        }
        #expect(back > 300)
        #expect(Double(welcome) >= 0.95 * Double(back), "\(welcome) of \(back) found room")
        #expect((told.max() ?? 0) > 5 * (told.min() ?? 1))
        #expect(line.longestWait <= 2 * 1.2)
    }
}
