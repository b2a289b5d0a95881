import SojournTestKit
import Testing

@testable import SojournPromise

@Suite("The traffic meter")
struct TrafficMeterTests {
    @Test("counts and integrals are those of the events")
    func counts() {
        var meter = TrafficMeter(limit: 10)
        meter.arrive(2, at: 0)
        meter.start(since: 0, at: 1)
        meter.finish(since: 1, at: 4)
        meter.refuse(3)
        meter.retries()
        let sample = meter.sample(at: 5, ready: 7, pending: [6])
        #expect(sample.arrived == 5 && sample.refused == 3 && sample.started == 1 && sample.completed == 1)
        #expect(sample.waiting == 1 && sample.busy == 0 && sample.retried == 1)
        #expect(sample.waitingSeconds == 2 + 4 && sample.busySeconds == 3)
        #expect(sample.serviceSum == 3 && sample.serviceSquareSum == 9)
        #expect(sample.ready == 7 && sample.current == 8)
    }

    @Test("events out of order give the same integrals")
    func outOfOrder() {
        var random = Dice(seed: 3)
        var events: [(instant: Double, apply: (inout TrafficMeter) -> Void)] = []
        for _ in 0..<500 {
            let come = Double.random(in: 0...50, using: &random)
            let start = come + Double.random(in: 0...5, using: &random)
            let end = start + Double.random(in: 0...5, using: &random)
            events.append((come, { $0.arrive(at: come) }))
            events.append((start, { $0.start(since: come, at: start) }))
            events.append((end, { $0.finish(since: start, at: end) }))
        }
        func total(_ events: [(instant: Double, apply: (inout TrafficMeter) -> Void)]) -> QueueSample {
            var meter = TrafficMeter(limit: 10)
            for event in events { event.apply(&meter) }
            return meter.sample(at: 100, ready: 0, pending: [])
        }
        let ordered = total(events.sorted { $0.instant < $1.instant })
        let mixed = total(events.shuffled(using: &random))
        #expect(abs(ordered.waitingSeconds - mixed.waitingSeconds) < 1e-6)
        #expect(abs(ordered.busySeconds - mixed.busySeconds) < 1e-6)
        #expect(mixed.waiting == 0 && mixed.late == 0 && mixed.waitingByAge.isEmpty)
    }

    @Test("waiting tasks are known by their age, and late ones by their number")
    func ages() {
        var meter = TrafficMeter(limit: 6.4)
        for second in 0..<10 { meter.arrive(at: Double(second) + 0.05) }
        let sample = meter.sample(at: 10, ready: 0, pending: [])
        #expect(sample.waiting == 10 && sample.late == 4)
        #expect(sample.waitingByAge.reduce(0, +) == 6)
        #expect(abs(sample.oldestWait - 5.95) <= 2 * sample.ageStep)
        var copy = meter
        #expect(copy.inTime(olderThan: 3.2, at: 10) == 3)
        // Those in front start: the late ones are gone.
        for second in 0..<4 { meter.start(since: Double(second) + 0.05, at: 10) }
        #expect(meter.late(at: 10) == 0)
    }

    @Test("a silent time longer than the promise makes all who wait late")
    func silence() {
        var meter = TrafficMeter(limit: 1, now: 1e6)
        meter.arrive(5, at: 1e6)
        #expect(meter.late(at: 1e6) == 0)
        #expect(meter.late(at: 2e6) == 5)
    }

    @Test("the start of a task may be told before its arrival")
    func startBeforeArrival() {
        var meter = TrafficMeter(limit: 10)
        meter.start(since: 1, at: 1.01)
        #expect(meter.sample(at: 1.01, ready: 1, pending: []).waitingByAge.isEmpty)
        meter.arrive(at: 1)
        let sample = meter.sample(at: 30, ready: 1, pending: [])
        #expect(sample.waiting == 0 && sample.late == 0 && abs(sample.waitingSeconds - 0.01) < 1e-9)
    }

    @Test("a difference counts as missed only when most looks agree")
    func offsets() {
        var watch = OffsetWatch()
        // What is on its way is seen now and then.
        for look in 0..<100 {
            let told = watch.note(look % 3 == 0 ? 5 : 0, at: Double(look) * 0.25)
            #expect(told == nil)
        }
        var found: [Int] = []
        for look in 100..<130 {
            if let missed = watch.note(look % 2 == 0 ? -2 : -7, at: Double(look) * 0.25) { found.append(missed) }
        }
        #expect(found.first == -2 && watch.began ?? 0 >= 25)
    }
}
