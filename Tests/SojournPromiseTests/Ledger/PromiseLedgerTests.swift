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

    @Test("an empty ledger burns nothing")
    func empty() {
        let ledger = PromiseLedger(miss: 0.01)
        #expect(ledger.allTime.attainment == nil)
        for window in PromiseLedger.Window.allCases { #expect(ledger.burnRate(window, at: 5) == 0) }
    }

    @Test("the burn rate follows from the shares", arguments: [(100, 0, 0.0), (99, 1, 1.0), (96, 4, 4.0)])
    func burn(met: Int, breached: Int, rate: Double) {
        var ledger = PromiseLedger(miss: 0.01)
        for _ in 0..<met { ledger.start(promisedBy: 2, at: 1) }
        for _ in 0..<breached { ledger.start(promisedBy: 0, at: 1) }
        for window in PromiseLedger.Window.allCases {
            #expect(abs(ledger.burnRate(window, at: 2) - rate) < 1e-9)
        }
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
