import SojournModel
import SojournTestKit
import Testing

@Suite("Dispatch") struct DispatchTests {
    private let now = Timestamp(microseconds: 1_000_000_000)

    private func waiting(
        _ queue: QueueName, _ priority: Priority = .default, tenant: Tenant = .default, inTime: Int = 1_000_000,
        late: Int = 0, for seconds: Int64 = 0
    ) -> Dispatch.Waiting {
        Dispatch.Waiting(
            lane: Lane(queue: queue, tenant: tenant, priority: priority), inTime: inTime, late: late,
            oldest: now.advanced(by: .seconds(-seconds)))
    }

    private func promise(_ seconds: Int, demotesLate: Bool = true) -> LeasePromise {
        LeasePromise(limit: .seconds(seconds), demotesLate: demotesLate)
    }

    /// Whose starts come next, one by one, while nobody's number changes.
    private func starts(
        _ count: Int, of waiting: [Dispatch.Waiting], _ promises: [QueueName: LeasePromise],
        in dispatch: inout Dispatch
    ) -> [Dispatch.Share] {
        (0..<count).flatMap { _ in dispatch.next(1, among: waiting, promises: promises) }
    }

    @Test(
        arguments: [
            // Two lanes, each with how long it has waited, and who goes first. The weights are 8, 4, 2, 1.
            (("p", Priority.default, 0), ("q", Priority.default, 0), "p"),
            (("p", .default, 0), ("q", .default, 46), "q"),
            (("p", .default, 0), ("q", .default, 44), "p"),
            (("p", .low, 0), ("q", .critical, 0), "p"),
            (("p", .low, 0), ("q", .critical, 3), "q"),
            (("p", .low, 9), ("p", .critical, 0), "p low"),
            (("p", .low, 8), ("p", .critical, 0), "p"),
            (("q", .high, 70), ("q", .critical, 60), "q critical"),
        ] as [((QueueName, Priority, Int64), (QueueName, Priority, Int64), String)])
    func theEarliestDeadlineGoesFirst(
        _ one: (QueueName, Priority, Int64), _ two: (QueueName, Priority, Int64), first: String
    ) {
        let lanes = [one, two].map { waiting($0.0, $0.1, for: $0.2) }
        let promises = ["p": promise(10), "q": promise(100)] as [QueueName: LeasePromise]
        for order in [lanes, lanes.reversed()] {
            var dispatch = Dispatch()
            let share = dispatch.next(1, among: order, promises: promises).first
            let words = first.split(separator: " ")
            #expect(share?.lane.queue.rawValue == String(words[0]))
            if words.count > 1 { #expect(share?.lane.priority.name == String(words[1])) }
        }
    }

    @Test func everyTenthStartIsTheOthers() {
        var dispatch = Dispatch()
        let promises = ["p": promise(10)] as [QueueName: LeasePromise]
        let lanes = [waiting("p", late: 1_000), waiting("plain")]
        let starts = starts(200, of: lanes, promises, in: &dispatch)
        for (index, share) in starts.enumerated() {
            let isKept = share.isLate || share.lane.queue == "plain"
            #expect(isKept == (index % 10 == 9), "start \(index)")
        }
        #expect(starts.count { $0.isLate } == 10, "the late and the plain queue take turns")
    }

    @Test(arguments: [1, 3, 7, 10, 64, 1_000])
    func theShareDoesNotDependOnTheBatch(batch: Int) {
        var dispatch = Dispatch()
        let promises = ["p": promise(10), "q": promise(5)] as [QueueName: LeasePromise]
        let lanes = [waiting("p"), waiting("q"), waiting("q", .low), waiting("plain")]
        var (all, kept) = (0, 0)
        while all < 3_000 {
            var left = batch
            while left > 0 {
                for share in dispatch.next(left, among: lanes, promises: promises) {
                    left -= share.count
                    all += share.count
                    if share.lane.queue == "plain" { kept += share.count }
                }
            }
        }
        #expect(abs(kept - all / 10) <= 1, "\(kept) of \(all)")
    }

    @Test func whoIsAloneGetsEverything() {
        let promises = ["p": promise(10)] as [QueueName: LeasePromise]
        for lanes in [[waiting("p")], [waiting("plain")], [waiting("p", inTime: 0, late: 1_000)]] {
            var dispatch = Dispatch()
            for limit in [1, 5, 100] {
                let shares = dispatch.next(limit, among: lanes, promises: promises)
                #expect(shares == [Dispatch.Share(lane: lanes[0].lane, isLate: lanes[0].late > 0, count: limit)])
            }
        }
    }

    @Test func theOthersSaveUpNoMoreThanOneStart() {
        var dispatch = Dispatch()
        let promises = ["p": promise(10)] as [QueueName: LeasePromise]
        _ = dispatch.next(1_000, among: [waiting("p")], promises: promises)
        let starts = starts(11, of: [waiting("p"), waiting("plain")], promises, in: &dispatch)
        #expect(starts.map(\.lane.queue) == ["plain"] + Array(repeating: "p", count: 9) + ["plain"])
    }

    @Test func withoutPromisesItIsFairShare() {
        var (dispatch, share) = (Dispatch(), FairShare())
        let lanes = Priority.allCases.flatMap { priority in
            ["a", "b"].map { waiting("q", priority, tenant: Tenant(trusted: $0), inTime: 40) }
        }
        for limit in [1, 1, 2, 50, 7] {
            let one = dispatch.next(limit, among: lanes, promises: [:])
            let two = share.divide(limit, among: lanes.map { ($0.lane, $0.inTime) })
            #expect(one == two.map { Dispatch.Share(lane: $0.lane, isLate: false, count: $0.count) })
        }
    }

    @Test func tenantsOfAPromisedClassTakeTurns() {
        var dispatch = Dispatch()
        let promises = ["p": promise(10)] as [QueueName: LeasePromise]
        // The flood came first, so its tasks have waited longer.
        let lanes = [waiting("p", tenant: "flood", for: 9), waiting("p", tenant: "small"), waiting("p", .low)]
        let starts = starts(40, of: lanes, promises, in: &dispatch)
        #expect(starts.count { $0.lane.tenant == "small" } == 20)
    }

    @Test func oddNumbersAreHarmless() {
        var dispatch = Dispatch()
        let promises =
            ["p": promise(0), "q": LeasePromise(limit: Limits.horizon, demotesLate: true)]
            as [QueueName: LeasePromise]
        var odd = waiting("q", inTime: .max, late: .max)
        odd.oldest = .distantFuture
        #expect(dispatch.next(0, among: [odd], promises: promises).isEmpty)
        #expect(dispatch.next(-5, among: [odd], promises: promises).isEmpty)
        #expect(dispatch.next(5, among: [], promises: promises).isEmpty)
        #expect(dispatch.next(5, among: [waiting("p", inTime: 0)], promises: promises).isEmpty)
        let shares = dispatch.next(20, among: [odd, waiting("p", inTime: .max)], promises: promises)
        #expect((1...20).contains(shares.reduce(0) { $0 + $1.count }))
        #expect(promise(3).cutoff(at: .distantPast) == .distantPast)
    }
}
