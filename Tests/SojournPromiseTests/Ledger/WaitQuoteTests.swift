import SojournPromise
import SojournTestKit
import Testing

@Suite("The quote of a wait")
struct WaitQuoteTests {
    /// Services of 2 s ± 1 s.
    private func outlook(
        ready: Int, busy: Int, ahead: Int, pending: [Double] = [], launchable: Int = 0
    ) -> AdmissionOutlook {
        var outlook = AdmissionOutlook(now: 100)
        (outlook.ready, outlook.busy, outlook.ahead) = (ready, busy, ahead)
        (outlook.pending, outlook.launchable, outlook.launchDelay) = (pending, launchable, 15)
        (outlook.serviceMean, outlook.serviceVariance) = (2, 1)
        return outlook
    }

    @Test("mean and spread follow from the ends that are waited for")
    func table() {
        let cases: [(AdmissionOutlook, mean: Double, square: Double)] = [
            // A free slot; one for each of those ahead.
            (outlook(ready: 4, busy: 3, ahead: 0), 0, 0),
            (outlook(ready: 4, busy: 1, ahead: 2), 0, 0),
            // (n + 1)·m/c and (n + 1)·m²/c².
            (outlook(ready: 4, busy: 4, ahead: 0), 0.5, 4.0 / 16),
            (outlook(ready: 4, busy: 4, ahead: 3), 2, 4 * 4.0 / 16),
            (outlook(ready: 4, busy: 2, ahead: 3), 1, 2 * 4.0 / 16),
            // Past the c-th end each adds σ²/c².
            (outlook(ready: 4, busy: 4, ahead: 9), 5, (4 * 4 + 6) / 16.0),
            // No slot yet: the first one, then its first end.
            (outlook(ready: 0, busy: 0, ahead: 0, pending: [103]), 3, 0.09),
            (outlook(ready: 0, busy: 0, ahead: 1, pending: [103]), 5, 4),
            // One slot for 3 s ends 1.5 tasks, the new one takes one, the last half takes two slots 0.5 s.
            (outlook(ready: 1, busy: 1, ahead: 2, pending: [103]), 3.5, (2 * 4) / 4.0),
            // Slots that come too late do not matter.
            (outlook(ready: 4, busy: 4, ahead: 3, pending: [200, 300]), 2, 4 * 4.0 / 16),
            // Only a launch can help.
            (outlook(ready: 0, busy: 0, ahead: 0, launchable: 3), 15, 2.25),
        ]
        for (outlook, mean, square) in cases {
            let quote = WaitQuote(outlook)
            #expect(abs(quote.mean - mean) < 1e-9, "\(quote) for \(outlook)")
            #expect(abs(quote.spread * quote.spread - square) < 1e-9, "\(quote) for \(outlook)")
        }
        #expect(WaitQuote(outlook(ready: 0, busy: 0, ahead: 0)).mean == .infinity)
        #expect(WaitQuote(outlook(ready: 1, busy: 1, ahead: .max)).mean.isFinite)
    }

    @Test("it is the truth of exponential services: mean and variance of the wait, by the number ahead")
    func exponential() {
        var dice = Dice(seed: 5)
        for ahead in [0, 3, 30] {
            var (sum, squares) = (0.0, 0.0)
            let (runs, slots, mean) = (2_000, 4, 2.0)
            for _ in 0..<runs {
                var line = FifoLine(slots: slots)
                // All slots are busy from 0 on; by the lack of memory any instant is the same.
                for _ in 0..<(slots + ahead) {
                    _ = line.visit(arrival: 0, service: dice.exponential(mean: mean))
                }
                let wait = line.visit(arrival: 0, service: 0).start
                sum += wait
                squares += wait * wait
            }
            var outlook = self.outlook(ready: slots, busy: slots, ahead: ahead)
            outlook.serviceVariance = mean * mean
            let quote = WaitQuote(outlook)
            let found = sum / Double(runs)
            let spread = (squares / Double(runs) - found * found).squareRoot()
            #expect(abs(found / quote.mean - 1) < 4 * quote.spread / quote.mean / Double(runs).squareRoot())
            #expect(abs(spread / quote.spread - 1) < 0.08)
        }
    }
}
