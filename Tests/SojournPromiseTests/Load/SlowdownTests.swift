import SojournPromise
import Testing

@Suite("When service counts as slow")
struct SlowdownTests {
    private static func stream(serviceTime: Double = 1) -> LoadStream {
        var load = LoadStream(ServiceLevel(limit: 10, serviceTime: serviceTime))
        load.begin()
        return load
    }

    @Test("Three times longer service for two minutes, measured against the minutes before")
    func slow() throws {
        var load = Self.stream()
        for _ in 0..<600 { load.tick(10, service: 1) }
        for _ in 0..<120 { load.tick(10, service: 3) }
        let slowdown = try #require(load.estimator.slowdown)
        #expect(abs(slowdown - 3) < 0.1)
        #expect(try abs(#require(load.estimator.serviceBaseline) - 1) < 0.01)
    }

    @Test("The new service time is the usual one after ten minutes")
    func accepted() {
        var load = Self.stream()
        for _ in 0..<600 { load.tick(10, service: 1) }
        for _ in 0..<800 { load.tick(10, service: 3) }
        #expect(load.estimator.slowdown == nil)
    }

    @Test("A prior that was much too low or too high is no slow-down", arguments: [0.01, 0.1, 10, 100])
    func prior(believed: Double) {
        var load = Self.stream(serviceTime: believed)
        for tick in 0..<900 {
            load.tick(tick % 10 == 0 ? 1 : 0, service: 1)
            #expect(load.estimator.slowdown == nil)
        }
    }

    @Test("One giant task of a heavy tail is no slow-down")
    func giant() {
        var load = Self.stream()
        for _ in 0..<600 { load.tick(2, service: 1) }
        load.tick(1, service: 300)
        #expect(load.estimator.serviceMean > 2)
        #expect(load.estimator.slowdown == nil)
    }

    @Test("A fleet that has just grown is not slow: its attempts are young")
    func grown() {
        var load = Self.stream(serviceTime: 60)
        // Every task runs for exactly 60 s; the rate rises tenfold at second 600.
        var ends: [Double] = []
        for tick in 0..<900 {
            let now = Double(tick + 1)
            load.sample.busySeconds += Double(ends.count)
            let ended = ends.prefix { $0 <= now }.count
            ends.removeFirst(ended)
            let coming = tick < 600 ? 1 : 10
            ends += repeatElement(now + 60, count: coming)
            load.sample.busy = ends.count
            load.sample.arrived += coming
            load.sample.completed += ended
            load.sample.serviceSum += 60 * Double(ended)
            load.sample.serviceSquareSum += 3_600 * Double(ended)
            load.tick(0)
            #expect(load.estimator.slowdown == nil)
        }
    }
}
