#if HTTP
import SojournCore
import SojournModel
import SojournTestKit
@testable import SojournHTTP
import SojournWire
import Testing

@Suite("Routes of dead letters") struct DeadLetterRouteTests {
    /// Makes dead letters: those of even number in queue `even`.
    private func bury(_ count: Int, _ server: TestServer) async throws {
        for number in 0..<count {
            let queue = number.isMultiple(of: 2) ? "even" : "odd"
            try await server.enqueue(#"{"type":"t\#(number % 3)","queue":"\#(queue)"}"#)
            let delivery = try #require(try await server.claim())
            _ = try await server.complete(delivery, #""outcome":"discarded","error":"number \#(number)""#)
        }
    }

    @Test func lists() async throws {
        try await TestServer.with { server in
            try await bury(6, server)
            try await server.enqueue()
            let all = try TaskPageView(bytes: try await server.get("/dead-letters").body).tasks
            #expect(all.count == 6)
            let newest = try #require(all.first?.record)
            #expect(newest.lastError == "number 5" && newest.deadReason == .discarded && newest.status == .dead)
            #expect(newest.attempts.map(\.error) == ["number 5"])
            let some = try await server.get("/dead-letters?queue=even&type=t1&error=n%75mber+4&limit=10")
            #expect(try TaskPageView(bytes: some.body).tasks.map(\.record.lastError) == ["number 4"])
        }
    }

    @Test func replays() async throws {
        try await TestServer.with { server in
            try await bury(6, server)
            let few = try await server.post("/dead-letters/replay", #"{"queue":"odd","limit":2}"#)
            #expect(few.status == 200 && few.text == #"{"replayed":2}"#)
            #expect(try await server.claim()?.message.queue == "odd")
            let page = try TaskPageView(bytes: try await server.get("/dead-letters").body)
            let ids = page.tasks.map { "\"\($0.record.message.id)\"" }.joined(separator: ",")
            #expect(
                try await server.post("/dead-letters/replay", #"{"task_ids":[\#(ids)]}"#).text == #"{"replayed":4}"#)
            #expect(try await server.post("/dead-letters/replay", "{}").text == #"{"replayed":0}"#)
        }
    }

    @Test func replaysAtARate() async throws {
        let time = ManualTime()
        try await TestServer.with(time: time) { server in
            try await bury(7, server)
            let reply = try await server.post("/dead-letters/replay", #"{"rate_per_second":2,"limit":5}"#)
            let answer = try ReplayAnswer(bytes: reply.body)
            #expect(reply.status == 202 && answer.replayed == 0 && answer.goesOn && answer.replayID != nil)
            for expected in [2, 4, 5] {
                try await server.until { $0.total[.queued] == expected }
                guard expected < 5 else { break }
                await time.until { $0 > 0 }
                time.advance(by: .seconds(1))
            }
            let stats = StatsView(try await server.queue.backend.depths())
            #expect(stats.total[.queued] == 5 && stats.total[.dead] == 2)
        }
    }

    @Test func replaysThatGoOnAreSeenAndStopped() async throws {
        let time = ManualTime()
        try await TestServer.with(time: time) { server in
            func replays() async throws -> [ReplayView] {
                try ReplayListView(bytes: try await server.get("/dead-letters/replays").body).replays
            }
            try await bury(7, server)
            #expect(try await replays() == [])
            let begun = time.now()
            var requests: [ReplayBody] = []
            for queue in ["even", "odd"] as [QueueName] {
                let request = ReplayBody(filter: TaskFilter(queue: queue), limit: 5, ratePerSecond: 1)
                requests.append(request)
                let reply = try await server.request("POST", "/dead-letters/replay", bytes: request.bytes)
                #expect(reply.status == 202)
            }
            try await server.until { $0.total[.queued] == 2 }
            await time.until { $0 > 1 }
            let seen = try await replays()
            #expect(seen.map(\.request) == requests && seen.allSatisfy { $0.startedAt == begun && $0.replayed == 1 })

            let first = try #require(seen.first)
            let stopped = try await server.request("DELETE", "/dead-letters/replays/\(first.id)")
            #expect(stopped.status == 200)
            #expect(try ReplayView(bytes: stopped.body) == first)
            #expect(try await replays() == Array(seen[1...]))
            for id in ["\(first.id)", "nonsense", "%2F"] {
                #expect(try await server.request("DELETE", "/dead-letters/replays/\(id)").status == 404, "\(id)")
            }
            // The other one goes on, and only that.
            try await eventually("the other one is through") {
                time.advance(by: .seconds(1))
                return try await replays() == []
            }
            let depths = try await server.queue.backend.depths()
            let dead = depths.filter { $0.queue == "even" }.reduce(0) { $0 + ($1.counts[.dead] ?? 0) }
            #expect(dead == 3 && StatsView(depths).total[.dead] == 3)
            // The same dead letters may be put back again.
            let again = try await server.request("POST", "/dead-letters/replay", bytes: requests[0].bytes)
            #expect(again.status == 202)
        }
    }

    @Test func deletes() async throws {
        try await TestServer.with { server in
            try await bury(6, server)
            let newest = try TaskPageView(bytes: try await server.get("/dead-letters?limit=1").body).tasks[0]
            let one = try await server.request("DELETE", "/dead-letters?task_ids=\(newest.record.message.id)")
            #expect(one.status == 200 && one.text == #"{"deleted":1}"#)
            #expect(try await server.request("DELETE", "/dead-letters?queue=even&limit=2").text == #"{"deleted":2}"#)
            #expect(try await server.request("DELETE", "/dead-letters?error=number").text == #"{"deleted":3}"#)
            #expect(try await server.taskCount() == 0)
        }
    }

    @Test func onlySoManyReplaysHaveARate() async throws {
        let time = ManualTime()
        try await TestServer.with(time: time) {
            $0.limits.pacedReplays = 2
        } _: { server in
            try await bury(6, server)
            for (queue, status) in [("even", 202), ("even", 409), ("odd", 202), ("third", 429)] {
                let body = #"{"rate_per_second":1,"queue":"\#(queue)"}"#
                #expect(try await server.post("/dead-letters/replay", body).status == status, "\(queue)")
            }
        }
    }

    @Test func aReplayWithARateOutlastsAStoreThatIsAway() async throws {
        let time = ManualTime()
        let store = FaultyQueue(time: time)
        try await TestServer.with(time: time, store: store) { server in
            func dead() async throws -> Int {
                try await server.queue.backend.depths().reduce(0) { $0 + ($1.counts[.dead] ?? 0) }
            }
            try await bury(6, server)
            let reply = try await server.post("/dead-letters/replay", #"{"rate_per_second":2}"#)
            #expect(reply.status == 202)
            try await eventually("the first two") { try await dead() == 4 }
            store.fail(with: BackendError(.unavailable, "The database is away."))
            try await eventually("it has tried thrice") {
                time.advance(by: .seconds(1))
                return store.failed >= 3
            }
            let held = try ReplayListView(bytes: try await server.get("/dead-letters/replays").body).replays
            #expect(held.first?.heldUpBy?.contains("The database is away.") == true && held.first?.replayed == 2)
            store.fail(with: nil)
            try await eventually("all") {
                time.advance(by: .seconds(1))
                return try await dead() == 0
            }
        }
    }

    private let now = Timestamp(microseconds: 1_000_000)

    @Test(
        arguments: [
            (0.5, [1, 1, 1]), (1.9, [1, 1]), (2, [2, 2, 1]), (1_000, [5]), (50_000, [1_000, 1_000, 500]),
        ] as [(Double, [Int])])
    func aPlanKeepsItsRate(rate: Double, steps: [Int]) {
        var plan = ReplayPlan(filter: TaskFilter(), left: steps.reduce(0, +), rate: rate)
        var asked: [Int] = []
        while !plan.isOver {
            let (count, pause) = plan.next(at: now)
            if asked.isEmpty {
                #expect(pause == .zero)
            } else {
                let seen = Double(count) / pause.inSeconds
                #expect(seen <= rate * 1.000_01)
                // The last step may be what is left.
                #expect(seen >= rate * 0.999_99 || count < asked[0])
            }
            asked.append(count)
            plan.replayed(count)
        }
        #expect(asked == steps)
    }

    @Test func aPlanWithoutARateMakesLongSteps() {
        var plan = ReplayPlan(filter: TaskFilter(), left: ReplayPlan.step + 1, rate: nil)
        for count in [ReplayPlan.step, 1] {
            let step = plan.next(at: now)
            #expect(step.count == count && step.pause == .zero)
            plan.replayed(count)
        }
        #expect(plan.isOver)
    }

    /// One that dies again while a plan goes on is not put back by it again and again.
    @Test func aPlanMeansThoseThatWereThere() {
        var plan = ReplayPlan(filter: TaskFilter(queue: "q"), left: 100, rate: 1)
        _ = plan.next(at: now)
        #expect(plan.filter == TaskFilter(queue: "q"))
        plan.replayed(1)
        _ = plan.next(at: now.advanced(by: .seconds(5)))
        #expect(plan.filter == TaskFilter(queue: "q", finishedBefore: now.advanced(by: .microseconds(1))))
    }

    @Test func aPlanNeverPutsBackMoreThanItsLimit() {
        var plan = ReplayPlan(filter: TaskFilter(), left: 15, rate: 10)
        _ = plan.next(at: now)
        plan.lost()
        #expect(plan.left == 5 && !plan.isOver)
        #expect(plan.next(at: now).count == 5)
        plan.lost()
        #expect(plan.isOver)
    }

    @Test func aPlanEndsWhenNothingIsLeft() {
        var plan = ReplayPlan(filter: TaskFilter(), left: 100, rate: 10)
        _ = plan.next(at: now)
        plan.replayed(9)
        #expect(plan.isOver)
    }
}
#endif
