import SojournPromise
import SojournTestKit
import Testing

@Suite("The ledger of a promise")
struct PromiseLedgerTests {
    @Test("a start at the deadline is kept, one after it is broken")
    func met() {
        var ledger = PromiseLedger(miss: 0.01)
        let (kept, broken) = (
            ledger.start(promisedBy: 10, at: 10), ledger.start(promisedBy: 10, at: 10.000001)
        )
        #expect(kept && !broken)
        ledger.giveUp(at: 11)
        #expect(ledger.allTime.met == 1)
        #expect(ledger.allTime.breached == 2)
        #expect(ledger.allTime.attainment == 1.0 / 3)
    }

    @Test("an empty ledger has its whole budget")
    func empty() {
        let ledger = PromiseLedger(miss: 0.01)
        #expect(ledger.allTime.attainment == nil)
        #expect(ledger.budgetLeft(at: 5) == 1)
        #expect(ledger.budgetLeftOfAllTime == 1)
        for window in PromiseLedger.Window.allCases { #expect(ledger.burnRate(window, at: 5) == 0) }
        #expect(ledger.urgency(at: 5) == nil)
    }

    @Test("budget and burn rate follow from the shares", arguments: [(100, 0, 0.0), (99, 1, 1.0), (96, 4, 4.0)])
    func burn(met: Int, breached: Int, rate: Double) {
        var ledger = PromiseLedger(miss: 0.01)
        for _ in 0..<met { ledger.start(promisedBy: 2, at: 1) }
        for _ in 0..<breached { ledger.start(promisedBy: 0, at: 1) }
        for window in PromiseLedger.Window.allCases {
            #expect(abs(ledger.burnRate(window, at: 2) - rate) < 1e-9)
        }
        #expect(abs(ledger.budgetLeft(at: 2) - (1 - rate)) < 1e-9)
        #expect(abs(ledger.budgetLeftOfAllTime - (1 - rate)) < 1e-9)
    }

    @Test("each window forgets what is older, to a sixtieth", arguments: PromiseLedger.Window.allCases)
    func windows(window: PromiseLedger.Window) {
        var ledger = PromiseLedger(miss: 0.1)
        var dice = Dice(seed: UInt64(window.rawValue + 1))
        let width = window.seconds / 60
        var events: [(at: Double, isMet: Bool)] = []
        var now = 1_000_000.0
        for _ in 0..<3_000 {
            now += dice.exponential(mean: window.seconds / 300)
            // Up to two steps out of order.
            let instant = now - dice.unit() * 2 * width
            let isMet = dice.unit() < 0.8
            events.append((instant, isMet))
            ledger.start(promisedBy: isMet ? .infinity : 0, at: instant)
            let newest = events.reduce(0) { max($0, $1.at) }
            guard events.count % 100 == 0 else { continue }
            let from = ((newest / width).rounded(.down) - 59) * width
            let inside = events.filter { $0.at >= from }
            let tally = ledger.tally(window, at: newest)
            #expect(tally.total == inside.count)
            #expect(tally.breached == inside.count { !$0.isMet })
        }
        #expect(ledger.tally(window, at: now + window.seconds + 2 * width).total == 0)
        #expect(ledger.allTime.total == 3_000)
    }

    @Test("a burst of late starts is a page, a slow leak of the budget a ticket")
    func urgency() {
        var ledger = PromiseLedger(miss: 0.001)
        for second in 0..<3_600 { ledger.start(promisedBy: .infinity, at: Double(second)) }
        #expect(ledger.urgency(at: 3_600) == nil)
        for second in 3_600..<3_900 { ledger.start(promisedBy: second % 4 == 0 ? 0 : .infinity, at: Double(second)) }
        #expect(ledger.urgency(at: 3_900) == .page)
        // Over for five minutes: nothing to wake anybody for.
        #expect(ledger.urgency(at: 4_300) == .ticket)
        #expect(ledger.urgency(at: 400_000) == nil)
        var slow = PromiseLedger(miss: 0.01)
        for second in 0..<20_000 { slow.start(promisedBy: second % 80 == 0 ? 0 : .infinity, at: Double(second)) }
        #expect(slow.urgency(at: 20_000) == .ticket)
    }

    @Test("a promise without a budget burns without end, and odd instants do no harm")
    func extremes() {
        var ledger = PromiseLedger(miss: 0)
        ledger.start(promisedBy: 0, at: 1)
        #expect(ledger.burnRate(.hour, at: 1) == .infinity)
        for instant in [Double.nan, .infinity, -.infinity, -1e300, 1e18, -1e18, 0] {
            ledger.start(promisedBy: .infinity, at: instant)
        }
        #expect(ledger.allTime.total == 8)
    }
}
