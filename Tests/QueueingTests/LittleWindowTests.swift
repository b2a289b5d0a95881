import Queueing
import SojournTestKit
import Testing

@Suite("Little's law on a window") struct LittleWindowTests {
    @Test func byHand() throws {
        // One there before the window, one all within, one still there at the end, one after it, one long gone.
        let window = try LittleWindow(
            arrivals: [-2, 1, 6, 20, -9], departures: [3, 5, .infinity, 21, -1], start: 0, end: 10)
        #expect(window.area == 3 + 4 + 4)
        #expect(window.departed == 2 && window.departedWaits == 5 + 4)
        #expect(window.startEdge == 2 && window.endEdge == 4)
        #expect(window.gap == 0)
        #expect(window.meanNumber == 1.1 && window.departureRate == 0.2 && window.meanWait == 4.5)
        #expect(window.gap(measuredArea: 12) == 1)
    }

    @Test func holdsOnEveryPath() throws {
        for seed in 0..<500 {
            var generator = SplitMix64(seed: seed)
            let arrivals = (0..<200).map { _ in generator.uniform(-50, 150) }
            let departures = arrivals.map {
                generator.unit() < 0.1 ? .infinity : $0 + generator.uniform(0, 60) * generator.unit()
            }
            let start = generator.uniform(-40, 60)
            let end = start + generator.uniform(0.1, 80)
            let window = try LittleWindow(arrivals: arrivals, departures: departures, start: start, end: end)
            #expect(abs(window.gap) <= 1e-11 * (1 + window.area))
            // Without the edges the law fails on a finite window; the edges are just what is missing.
            let plain = window.departureRate * window.meanWait
            let edges = (window.endEdge - window.startEdge) / (end - start)
            #expect(abs(window.meanNumber - plain - edges) <= 1e-11 * (1 + window.meanNumber))
        }
    }

    /// A gauge that has lost three decrements shows three tasks too many, second for second.
    @Test func leakIsSeen() throws {
        let arrivals = (0..<100).map { Double($0) }
        let window = try LittleWindow(arrivals: arrivals, departures: arrivals.map { $0 + 2.5 }, start: 10, end: 50)
        #expect(isClose(window.gap(measuredArea: window.area + 3 * 40) / 40, 3, 1e-12))
    }

    @Test func touchingInstants() throws {
        // (s, t]: a departure at s is before the window, one at t is within.
        let window = try LittleWindow(arrivals: [-1, 0, 2, 5, 5], departures: [0, 5, 2, 5, 9], start: 0, end: 5)
        #expect(window.departed == 3 && window.area == 5 && window.gap == 0)
        let empty = try LittleWindow(arrivals: [], departures: [], start: 0, end: 1)
        #expect(empty.meanWait == 0 && empty.meanNumber == 0 && empty.gap == 0)
    }
}
