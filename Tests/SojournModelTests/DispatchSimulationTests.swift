import SojournModel
import SojournTestKit
import Testing

/// Random claims from random lanes, with the tasks kept one by one.
@Suite("Dispatch, against every task") struct DispatchSimulationTests {
    /// The instants since when the tasks of each lane wait, in order.
    private struct Lanes {
        var tasks: [Lane: [Timestamp]] = [:]
        let promises: [QueueName: LeasePromise]
        var dispatch = Dispatch()

        private func isLate(_ instant: Timestamp, in lane: Lane, at now: Timestamp) -> Bool {
            promises[lane.queue]?.cutoff(at: now).map { instant < $0 } ?? false
        }

        func waiting(at now: Timestamp) -> [Dispatch.Waiting] {
            tasks.map { lane, instants in
                let late = instants.count { isLate($0, in: lane, at: now) }
                return Dispatch.Waiting(
                    lane: lane, inTime: instants.count - late, late: late,
                    oldest: instants.first { !isLate($0, in: lane, at: now) } ?? .distantFuture)
            }
        }

        /// One claim, as a backend makes it; the lanes and instants of its starts in order.
        mutating func claim(_ limit: Int, at now: Timestamp) -> [(lane: Lane, instant: Timestamp, isLate: Bool)] {
            var starts: [(lane: Lane, instant: Timestamp, isLate: Bool)] = []
            while starts.count < limit {
                let shares = dispatch.next(limit - starts.count, among: waiting(at: now), promises: promises)
                if shares.isEmpty { break }
                for share in shares {
                    for _ in 0..<share.count {
                        let index = tasks[share.lane]?.firstIndex {
                            isLate($0, in: share.lane, at: now) == share.isLate
                        }
                        guard let index, let instant = tasks[share.lane]?.remove(at: index) else { continue }
                        starts.append((share.lane, instant, share.isLate))
                    }
                }
            }
            return starts
        }
    }

    private static let promises: [QueueName: LeasePromise] = [
        "p": LeasePromise(limit: .seconds(5), demotesLate: true),
        "q": LeasePromise(limit: .seconds(20), demotesLate: true),
        "r": LeasePromise(limit: .seconds(10), demotesLate: false),
    ]
    private static let lanes = ["p", "q", "r", "plain", "other"].flatMap { queue in
        ["s", "t"].flatMap { tenant in
            Priority.allCases.map {
                Lane(queue: QueueName(trusted: queue), tenant: Tenant(trusted: tenant), priority: $0)
            }
        }
    }

    @Test(arguments: 1...12)
    func handsOutExactlyWhatItCan(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var (left, right) = (Lanes(promises: Self.promises), Lanes(promises: Self.promises))
        for step in 0..<60 {
            let now = Timestamp(microseconds: Int64(step) * 1_000_000)
            for lane in Self.lanes where Int.random(in: 0..<4, using: &random) == 0 {
                let count = Int.random(in: 0..<5, using: &random)
                left.tasks[lane, default: []] += Array(repeating: now, count: count)
                right.tasks[lane, default: []] += Array(repeating: now, count: count)
            }
            let count = left.tasks.values.reduce(0) { $0 + $1.count }
            let limit = Int.random(in: 0..<60, using: &random)
            let starts = left.claim(limit, at: now)
            #expect(starts.count == min(limit, count))
            let again = right.claim(limit, at: now)
            #expect(starts.map(\.lane) == again.map(\.lane), "the same calls get the same answers")
            #expect(starts.map(\.instant) == again.map(\.instant))
        }
    }

    @Test(arguments: 1...12)
    func singleStartsFollowTheDeadlines(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var lanes = Lanes(promises: Self.promises)
        for step in 0..<400 {
            let now = Timestamp(microseconds: Int64(step) * 100_000)
            if let lane = Self.lanes.randomElement(using: &random) { lanes.tasks[lane, default: []].append(now) }
            if let lane = Self.lanes.randomElement(using: &random) { lanes.tasks[lane, default: []].append(now) }
            let inTime = lanes.waiting(at: now).filter { $0.inTime > 0 && Self.promises[$0.lane.queue] != nil }
            guard let start = lanes.claim(1, at: now).first else { continue }
            let isPromised = Self.promises[start.lane.queue] != nil && !start.isLate
            guard isPromised else { continue }
            func deadline(_ lane: Lane, _ instant: Timestamp) -> Timestamp {
                instant.advanced(by: (Self.promises[lane.queue]?.limit ?? .zero) / lane.priority.weight)
            }
            let classmates = inTime.filter {
                $0.lane.queue == start.lane.queue && $0.lane.priority == start.lane.priority
            }
            let best = inTime.map { deadline($0.lane, $0.oldest) }.min()
            #expect(classmates.map { deadline($0.lane, $0.oldest) }.min() == best)
        }
    }

    /// All lanes always have tasks, a tenth of all starts is the others', and each of them gets its weight of that.
    @Test(arguments: [1, 8, 100])
    func nobodyOfTheOthersWaitsLongerThanTenTimesItsShare(batch: Int) {
        let others = Self.lanes.filter { Self.promises[$0.queue] == nil && $0.tenant == "s" }
        let promised = Self.promises.keys.map { Lane(queue: $0, tenant: .default, priority: .high) }
        let waiting = (others + promised).map { Dispatch.Waiting(lane: $0, inTime: 1_000_000) }
        var dispatch = Dispatch()
        var starts: [Lane] = []
        while starts.count < 6_000 {
            var left = batch
            while left > 0 {
                for share in dispatch.next(left, among: waiting, promises: Self.promises) {
                    starts += Array(repeating: share.lane, count: share.count)
                    left -= share.count
                }
            }
        }
        let weights = others.reduce(0) { $0 + $1.priority.weight }
        for lane in others {
            let share = Double(weights) / Double(lane.priority.weight)
            var last = -1
            for (index, start) in starts.enumerated() where start == lane {
                // Now and then all classes stand level, and each of the others is served once in between.
                let bound = 10 * (share + Double(others.count)) + 2 * Double(batch)
                #expect(Double(index - last) <= bound, "\(lane) before start \(index)")
                last = index
            }
            let ideal = Double(starts.count) / (10 * share)
            let count = starts.count { $0 == lane }
            #expect(abs(Double(count) - ideal) <= 3, "\(lane): \(count), ideally \(ideal)")
        }
    }

    /// A class that is the last by its deadline starts when that deadline has become the earliest, whatever floods in:
    /// here after ten seconds, less what a critical task has, and at most five more that the flood itself is behind.
    @Test func noPromisedClassStarves() {
        var lanes = Lanes(promises: Self.promises)
        let low = Lane(queue: "r", tenant: .default, priority: .low)
        let flood = Lane(queue: "p", tenant: .default, priority: .critical)
        lanes.tasks[low] = [Timestamp(microseconds: 0)]
        for step in 0..<200 {
            let now = Timestamp(microseconds: Int64(step) * 100_000)
            lanes.tasks[flood, default: []] += [now, now]
            if lanes.claim(1, at: now).first?.lane == low {
                #expect((94...150).contains(step), "started at step \(step)")
                return
            }
        }
        Issue.record("the low task starved")
    }
}
