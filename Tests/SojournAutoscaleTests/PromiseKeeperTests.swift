import SojournCore
import SojournMemory
import SojournModel
import SojournPromise
import SojournTestKit
import SojournWire
import Synchronization
import Testing

@testable import SojournAutoscale

@Suite("The keeper of promises")
struct PromiseKeeperTests {
    /// A queue `q` that promises two seconds, on the memory backend.
    private struct Site {
        let time = ManualTime()
        let keeper: PromiseKeeper
        let queue: LocalTaskQueue
        let memory: MemoryQueue

        init(_ level: ServiceLevel = ServiceLevel(limit: 2, miss: 0.01, serviceTime: 0.5, overflow: .reject)) {
            keeper = PromiseKeeper(PromiseConfiguration(levels: ["q": level]), time: time)
            memory = MemoryQueue(time: time)
            queue = LocalTaskQueue(store: memory, backend: memory, traffic: keeper, time: time)
        }

        func task(
            _ queue: QueueName = "q", delay: Duration = .zero, key: String? = nil, deadline: Duration? = nil
        ) -> NewTask {
            let now = time.now()
            var random = SystemRandomNumberGenerator()
            return NewTask(
                message: TaskMessage(
                    id: TaskID(at: now, random: &random), type: "t", queue: queue, payload: [],
                    deadline: deadline.map { now.advanced(by: $0) }, enqueuedAt: now,
                    availableAt: now.advanced(by: delay)),
                idempotencyKey: key)
        }

        @discardableResult
        func claim(_ limit: Int, worker: String = "w") async throws -> [Delivery] {
            try await queue.claim(LeaseRequest(limit: limit, worker: worker))
        }

        func finish(_ deliveries: [Delivery], _ outcome: Outcome = .succeeded(result: nil)) async throws {
            _ = try await queue.complete(
                deliveries.map {
                    AttemptReport(
                        delivery: $0, outcome: outcome, startedAt: time.now(), finishedAt: time.now(), worker: "w")
                })
        }

        var running: Int? { keeper.state.withLock { $0.queues["q"]?.running } }

        func compare() async throws { keeper.compare(await memory.depths(), with: keeper.marks()) }
    }

    @Test("a task that is taken carries its promise and what it was told to wait")
    func promise() async throws {
        let site = Site()
        try await site.claim(2)
        let (first, other) = (site.task(), site.task("other"))
        let taken = try await site.queue.admit([first, other])
        #expect(taken.tasks[0].message.promise == StartPromise(within: .seconds(2), estimate: .zero))
        #expect(taken.tasks[1].message.promise == nil)
        #expect(taken.room["other"] == nil)
        _ = try await site.queue.accept(taken)
        let record = try #require(await site.memory.task(first.message.id))
        #expect(record.message.promise?.within == .seconds(2))
    }

    @Test("without workers a promised queue refuses, in words, with a time; others take all")
    func refusal() async throws {
        let site = Site()
        do {
            _ = try await site.queue.enqueue([site.task()])
            Issue.record("a task was taken that nobody serves")
        } catch {
            #expect(error.code == .throttled && error.message.contains("no worker serves it"))
            #expect((error.retryAfter ?? .zero) > .zero)
        }
        _ = try await site.queue.enqueue([site.task("other")])
        #expect(site.keeper.insight("q")?.refusals == 1)
    }

    @Test("it takes what can start in time and refuses the rest, whole batches at a time")
    func room() async throws {
        let site = Site()
        try await site.claim(4)
        var taken = 0
        while taken < 1_000, (try? await site.queue.enqueue([site.task()])) != nil { taken += 1 }
        // 4 slots do 16 tasks of half a second in 2 s.
        #expect((8...16).contains(taken))
        // A batch that does not fit as a whole takes no room.
        let deliveries = try await site.claim(4)
        try await site.finish(deliveries)
        let batch = (0..<50).map { _ in site.task() }
        await #expect(throws: BackendError.self) { try await site.queue.enqueue(batch) }
        _ = try await site.queue.enqueue([site.task()])
        let waiting = await site.memory.depths().first?.counts[.queued]
        #expect(waiting == taken - 4 + 1)
    }

    @Test("an attempt that is reported to another server does not run here for ever")
    func reportedElsewhere() async throws {
        let site = Site()
        try await site.claim(2)
        _ = try await site.queue.enqueue([site.task(), site.task()])
        let deliveries = try await site.queue.claim(
            LeaseRequest(limit: 2, duration: .seconds(30), worker: "w", slots: 2))
        #expect(site.running == 2)
        for _ in 0..<4 {
            site.time.advance(by: .seconds(20))
            _ = try await site.queue.heartbeat([deliveries[0].lease], by: .seconds(30))
            _ = site.keeper.tick()
        }
        #expect(site.running == 2, "the lease of the other one ended less than a minute ago")
        site.time.advance(by: .seconds(20))
        _ = site.keeper.tick()
        #expect(site.running == 1)
        try await site.finish([deliveries[0]])
        #expect(site.running == 0)
    }

    @Test("who asks again with a known idempotency key gets the task of before")
    func idempotency() async throws {
        let site = Site()
        try await site.claim(1)
        let first = site.task(key: "k")
        _ = try await site.queue.enqueue([first])
        while (try? await site.queue.enqueue([site.task()])) != nil {}
        var again = site.task(key: "k")
        again.fingerprint = first.fingerprint
        #expect(try await site.queue.enqueue([again]) == [.duplicate(of: first.message.id)])
        await #expect(throws: BackendError.self) { try await site.queue.enqueue([site.task(key: "new")]) }
    }

    @Test("every way that a task can go leaves the counts equal to those of the backend")
    func counts() async throws {
        let site = Site(ServiceLevel(limit: 2, overflow: .accept))
        var random = SplitMix64(seed: 11)
        var known: [TaskID] = []
        var held: [Delivery] = []
        for step in 0..<400 {
            site.time.advance(by: .milliseconds(Int64.random(in: 0...200, using: &random)))
            switch Int.random(in: 0..<9, using: &random) {
            case 0...2:
                var tasks = (0..<Int.random(in: 1...3, using: &random)).map { _ in site.task() }
                tasks[0].message.deadline = site.time.now().advanced(by: .milliseconds(500))
                known += tasks.map(\.message.id)
                _ = try await site.queue.enqueue(tasks)
            case 3: _ = try await site.queue.enqueue([site.task(delay: .seconds(1), key: "k\(step / 40)")])
            case 4, 5: held += try await site.claim(4)
            case 6: try await site.finish(held, .failed(Failure("no")))
            case 7: try await site.finish(held, Bool.random(using: &random) ? .interrupted : .snoozed(.seconds(1)))
            default:
                if let id = known.randomElement(using: &random) { _ = try await site.queue.cancel([id]) }
            }
            if step % 3 == 0 { held = [] }
            _ = try await site.queue.promote(limit: 100)
            let backend = await site.memory.depths().filter { $0.queue == "q" }
            let waiting = backend.reduce(0) { $0 + ($1.counts[.queued] ?? 0) }
            #expect(site.keeper.state.withLock { $0.queues["q"]?.waiting } == waiting, "after step \(step)")
            _ = site.keeper.tick()
        }
        for _ in 0..<100 {
            site.time.advance(by: .seconds(1))
            try await site.compare()
            _ = site.keeper.tick()
        }
        let audit = try #require(site.keeper.insight("q")?.audit)
        #expect(audit.relativeGap == 0 && audit.diagnosis == "depth and waits agree")
    }

    @Test("a running task that is cancelled and then handed back does not wait again")
    func cancelledWhileRunning() async throws {
        let site = Site(ServiceLevel(limit: 2, overflow: .accept))
        let tasks = [site.task(), site.task()]
        _ = try await site.queue.enqueue(tasks)
        let deliveries = try await site.claim(2)
        _ = try await site.queue.cancel([tasks[0].message.id])
        try await site.finish(deliveries, .interrupted)
        #expect(site.keeper.state.withLock { $0.queues["q"]?.waiting } == 1)
    }

    @Test("one leaked task is named within a minute, with the time it happened")
    func leak() async throws {
        let site = Site(ServiceLevel(limit: 2, overflow: .accept))
        func second(leaked: Int) async throws {
            _ = try await site.queue.enqueue((0..<3).map { _ in site.task() })
            site.time.advance(by: .milliseconds(300))
            try await site.finish(try await site.claim(3))
            for _ in 0..<4 {
                site.time.advance(by: .milliseconds(175))
                var depths = await site.memory.depths().filter { $0.queue == "q" }
                if leaked > 0 {
                    depths.append(
                        QueueDepth(queue: "q", priority: .low, counts: [.queued: leaked], oldestAvailableAt: nil))
                }
                site.keeper.compare(depths, with: site.keeper.marks())
            }
            _ = site.keeper.tick()
        }
        for _ in 0..<120 { try await second(leaked: 0) }
        #expect(site.keeper.insight("q")?.audit?.diagnosis == "depth and waits agree")
        let before = site.time.now()
        var named: Timestamp?
        for _ in 0..<80 where named == nil {
            try await second(leaked: 1)
            if site.keeper.insight("q")?.audit?.diagnosis.hasPrefix("1 task leaked or double-counted since") == true {
                named = site.time.now()
            }
        }
        let delay = try #require(named).duration(since: before)
        #expect(delay <= .seconds(60))
    }

    @Test("a worker whose clock is ahead is told from a leak")
    func clock() async throws {
        let site = Site(ServiceLevel(limit: 2, overflow: .accept))
        for _ in 0..<120 {
            for _ in 0..<20 {
                _ = try await site.queue.enqueue([site.task()])
                let deliveries = try await site.claim(5)
                let start = site.time.now().advanced(by: .milliseconds(50))
                site.time.advance(by: .milliseconds(50))
                _ = try await site.queue.complete(
                    deliveries.map {
                        AttemptReport(
                            delivery: $0, outcome: .succeeded(result: nil), startedAt: start,
                            finishedAt: start.advanced(by: .milliseconds(50)), worker: "w")
                    })
            }
            try await site.compare()
            _ = site.keeper.tick()
        }
        let audit = try #require(site.keeper.insight("q")?.audit)
        #expect(audit.diagnosis.hasPrefix("consumer clock ahead by 50 ms"), "\(audit.diagnosis)")
        #expect(audit.relativeGap == 0)
    }

    @Test("the ledger counts who was late")
    func ledger() async throws {
        let site = Site(ServiceLevel(limit: 2, miss: 0.1, overflow: .accept))
        _ = try await site.queue.enqueue((0..<4).map { _ in site.task() })
        try await site.finish(try await site.claim(3))
        site.time.advance(by: .seconds(3))
        try await site.finish(try await site.claim(3))
        let insight = try #require(site.keeper.insight("q"))
        #expect(insight.attainment == 0.75 && insight.breaches == 1)
        #expect(insight.burnRates.count == 4 && insight.burnRates[0].rate == 2.5)
        #expect(insight.errorBudgetUsed == 2.5)
    }

    @Test("who dies in the line was promised in vain; who was cancelled there or had a start was not")
    func deathInTheLine() async throws {
        let site = Site(ServiceLevel(limit: 20, miss: 0.1, overflow: .accept))
        let tasks = (0..<4).map { _ in site.task(deadline: .seconds(10)) }
        _ = try await site.queue.enqueue(tasks)
        let flaky = Outcome.failed(Failure("flaky", retryAfter: .seconds(5)))
        try await site.finish(try await site.claim(1), flaky)
        _ = try await site.queue.cancel([tasks[1].message.id])
        site.time.advance(by: .seconds(6))
        #expect(try await site.queue.promote(limit: 10).moved == 1)
        site.time.advance(by: .seconds(5))
        #expect(try await site.claim(10).isEmpty)
        var insight = try #require(site.keeper.insight("q"))
        #expect(insight.starts == 3 && insight.breaches == 2)
        #expect(try await site.queue.replay(matching: TaskFilter(status: .dead), limit: 10) == 3)
        #expect(try await site.claim(10).isEmpty)
        insight = try #require(site.keeper.insight("q"))
        #expect(insight.starts == 3 && insight.breaches == 2, "they were counted when they died first")
        #expect(site.keeper.state.withLock { $0.queues["q"]?.waiting } == 0)
    }

    @Test("a hard promise counts only slots that serve nobody else, and lets no attempt run on")
    func hard() async throws {
        let site = Site(
            ServiceLevel(limit: 2, serviceTime: 0.5, serviceMax: 1, overflow: .reject, mode: .hard(crashes: 0)))
        try await site.claim(4, worker: "everybody's")
        do {
            _ = try await site.queue.enqueue([site.task()])
            Issue.record("a task was promised what others may prevent")
        } catch {
            #expect(error.message.contains("alone"))
        }
        _ = try await site.queue.claim(LeaseRequest(queues: ["q"], limit: 3, worker: "own", slots: 3))
        var taken: [NewTask] = []
        while taken.count < 100, let admitted = try? await site.queue.admit([site.task()]) {
            _ = try await site.queue.accept(admitted)
            taken += admitted.tasks
        }
        // Three start at once, and 3·⌊2/1⌋ may wait.
        #expect(taken.count == 3 + 6 || taken.count == 6)
        #expect(taken.allSatisfy { $0.message.timeout == .seconds(1) })
    }

    @Test("who waits since before the start of the server is seen by admission")
    func restart() async throws {
        let site = Site(ServiceLevel(limit: 2, serviceTime: 0.5, overflow: .accept))
        _ = try await site.queue.enqueue((0..<100).map { _ in site.task() })
        site.time.advance(by: .seconds(1))
        let again = PromiseKeeper(
            PromiseConfiguration(levels: ["q": ServiceLevel(limit: 2, serviceTime: 0.5, overflow: .reject)]),
            time: site.time)
        again.begin(await site.memory.depths())
        let queue = LocalTaskQueue(store: site.memory, backend: site.memory, traffic: again, time: site.time)
        again.asks(LeaseRequest(limit: 4, worker: "w", slots: 4), at: site.time.now())
        await #expect(throws: BackendError.self) { try await queue.enqueue([site.task()]) }
    }

    @Test("nothing is promised on the slots of a worker that has left, though it still runs what it holds")
    func aWorkerThatHasLeft() async throws {
        let site = Site()
        _ = try await site.queue.enqueue([site.task("other")])
        let held = try await site.claim(4)
        _ = try await site.queue.enqueue([site.task()])
        #expect(try await site.queue.leave("w") == false)
        await #expect(throws: BackendError.self) { try await site.queue.enqueue([site.task()]) }
        try await site.finish(held)
        await #expect(throws: BackendError.self) { try await site.queue.enqueue([site.task()]) }
    }

    @Test("servers that share a store do not fill a queue beyond what one of them would")
    func sharedStore() async throws {
        let level = ServiceLevel(limit: 2, serviceTime: 1, serviceMax: 1, overflow: .reject, mode: .hard(crashes: 0))
        let site = Site(level)
        let other = PromiseKeeper(PromiseConfiguration(levels: ["q": level]), time: site.time)
        let second = LocalTaskQueue(store: site.memory, backend: site.memory, traffic: other, time: site.time)
        for queue in [site.queue, second] {
            queue.traffic?.asks(LeaseRequest(queues: ["q"], limit: 3, worker: "w", slots: 3), at: site.time.now())
            queue.traffic?.started([], for: LeaseRequest(queues: ["q"], limit: 3, worker: "w"), at: site.time.now())
        }
        var taken = 0
        var refusals: [BackendError] = []
        for index in 0..<40 {
            do {
                _ = try await (index.isMultiple(of: 2) ? site.queue : second).enqueue([site.task()])
                taken += 1
            } catch {
                refusals.append(error)
            }
        }
        // 3 · ⌊2/1⌋ may wait, whoever took them.
        #expect(taken == 6)
        #expect(await site.memory.depths().first?.counts[.queued] == 6)
        for refusal in refusals {
            #expect(refusal.code == .throttled && refusal.retryAfter != nil)
            #expect(refusal.message.contains("cannot start the task within"))
        }
    }

    @Test("a paused queue promises nothing, and takes what comes")
    func paused() async throws {
        let site = Site()
        try await site.queue.setPaused("q", true)
        let taken = try await site.queue.admit([site.task()])
        #expect(taken.tasks[0].message.promise == nil)
        #expect(taken.room == [:])
        _ = try await site.queue.accept(taken)
        try await site.queue.setPaused("q", false)
        await #expect(throws: BackendError.self) { try await site.queue.enqueue([site.task()]) }
    }

    @Test("a task that is due at once after a delay is counted once, like every other one")
    func tinyDelay() async throws {
        let site = Site(ServiceLevel(limit: 2, overflow: .accept))
        let task = site.task(delay: .milliseconds(1))
        site.time.advance(by: .milliseconds(5))
        _ = try await site.queue.enqueue([task])
        #expect(site.keeper.state.withLock { $0.queues["q"]?.waiting ?? 0 } == 0)
        _ = try await site.queue.promote(limit: 10)
        #expect(site.keeper.state.withLock { $0.queues["q"]?.waiting } == 1)
        #expect(try await site.claim(1).count == 1)
    }

    @Test("queues whose names come from outside are measured only while there is room")
    func manyQueues() async throws {
        let site = Site()
        for number in 0..<1_100 { _ = try await site.queue.enqueue([site.task(QueueName(trusted: "n\(number)"))]) }
        #expect(site.keeper.state.withLock { $0.queues.count } == 1_000)
    }
}
