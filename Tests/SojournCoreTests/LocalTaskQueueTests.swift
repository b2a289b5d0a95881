import SojournCore
import SojournModel
import SojournTestKit
import Testing

@Suite("Local task queue", .timeLimit(.minutes(1))) struct LocalTaskQueueTests {
    private let log = CallLog()
    private let time = ManualTime()

    private func queue(
        store: (inout ScriptedStore) -> Void = { _ in }, backend: (inout ScriptedBackend) -> Void = { _ in }
    ) -> LocalTaskQueue {
        var (one, other) = (ScriptedStore(log: log), ScriptedBackend(log: log))
        store(&one)
        backend(&other)
        let policies = TaskPolicies(
            maxRetries: 1,
            retry: RetryPolicy(strategy: .fixed, base: .seconds(10), cap: .seconds(10), jitter: .none))
        return LocalTaskQueue(store: one, backend: other, policies: policies, time: time)
    }

    private func report(_ outcome: Outcome, attempt: Int = 1) -> AttemptReport {
        var message = Sample.message(at: time.now())
        message.attempt = attempt
        return AttemptReport(
            delivery: Sample.delivery(message), outcome: outcome, startedAt: time.now(), finishedAt: time.now(),
            worker: "w")
    }

    @Test func enqueueStoresFirstThenPublishesWhatIsNew() async throws {
        let tasks = (0..<4).map { _ in NewTask(message: Sample.message(at: time.now())) }
        let (second, third) = (tasks[1].message.id, tasks[2].message.id)
        let queue = queue(store: {
            $0.inserted = { task in
                switch task.message.id {
                case second: .duplicate(of: second)
                case third: .conflict(with: third)
                default: .inserted(task.message.id)
                }
            }
        })
        let answers = try await queue.enqueue(tasks)
        #expect(log.all == ["store.insert 4", "backend.publish 2"])
        #expect(
            answers == [
                .inserted(tasks[0].message.id), .duplicate(of: second), .conflict(with: third),
                .inserted(tasks[3].message.id),
            ])
    }

    @Test func nothingNewIsNotPublished() async throws {
        let queue = queue(store: { $0.inserted = { .duplicate(of: $0.message.id) } })
        _ = try await queue.enqueue([NewTask(message: Sample.message())])
        #expect(log.all == ["store.insert 1"])
    }

    @Test func whatIsNotStoredIsNotPublished() async {
        let queue = queue(store: { $0.isDown = true })
        await #expect(throws: BackendError.self) {
            try await queue.enqueue([NewTask(message: Sample.message())])
        }
        #expect(log.all == [])
    }

    @Test func claimLeasesFirstThenBeginsAndGivesStaleOnesBack() async throws {
        let deliveries = (0..<3).map { _ in Sample.delivery() }
        let stale = deliveries[1]
        let queue = queue(
            store: { $0.begun = { $0 == stale ? .skip(.succeeded) : .run } }, backend: { $0.leased = deliveries })
        let claimed = try await queue.claim(LeaseRequest(limit: 3))
        #expect(claimed == [deliveries[0], deliveries[2]])
        #expect(log.all == ["backend.lease 3", "store.begin 3", "backend.settle acknowledge"])
    }

    @Test func aTaskWithoutATimeLimitHasThatOfItsQueue() async throws {
        var messages = (0..<3).map { _ in Sample.message() }
        messages[1].queue = "bulk"
        messages[2].queue = "bulk"
        messages[2].timeout = .seconds(5)
        let queue = LocalTaskQueue(
            store: ScriptedStore(log: log),
            backend: ScriptedBackend(log: log, leased: messages.map { Sample.delivery($0) }),
            policies: TaskPolicies(timeout: .seconds(60), timeoutByQueue: ["bulk": .seconds(20)]), time: time)
        let claimed = try await queue.claim(LeaseRequest(limit: 3))
        #expect(claimed.map(\.message.timeout) == [.seconds(60), .seconds(20), .seconds(5)])
    }

    @Test func anEmptyClaimAsksTheStoreNothing() async throws {
        #expect(try await queue().claim(LeaseRequest(limit: 3)) == [])
        #expect(log.all == ["backend.lease 3"])
    }

    @Test func aFreshClaimSettlesNothing() async throws {
        let queue = queue(backend: { $0.leased = [Sample.delivery()] })
        _ = try await queue.claim(LeaseRequest(limit: 1))
        #expect(log.all == ["backend.lease 1", "store.begin 1"])
    }

    @Test func completeJudgesThenFinishesThenSettlesWhatWasNotFenced() async throws {
        let reports = [
            report(.succeeded()), report(.failed(Failure("x"))), report(.failed(Failure("x")), attempt: 2),
            report(.snoozed(.seconds(5))), report(.cancelled),
        ]
        let fenced = reports[3]
        let queue = queue(store: { $0.finished = { $0.report == fenced ? .leaseLost : .settled } })
        let answers = try await queue.complete(reports)
        #expect(answers == [.settled, .settled, .settled, .leaseLost, .settled])
        #expect(
            log.all == [
                "store.finish succeeded,retrying,dead,scheduled,cancelled",
                "backend.settle acknowledge,release,dead-letter:retries_exhausted,acknowledge",
            ])
    }

    @Test func noReportsAreNoCalls() async throws {
        #expect(try await queue().complete([]) == [])
        #expect(log.all == [])
    }

    @Test func whatIsNotWrittenIsNotSettled() async {
        let queue = queue(store: { $0.isDown = true })
        await #expect(throws: BackendError.self) { try await queue.complete([report(.succeeded())]) }
        #expect(log.all == [])
    }

    @Test func heartbeatsAreTheBackendsBusiness() async throws {
        let lease = Sample.delivery().lease
        #expect(try await queue().heartbeat([lease], by: .seconds(9)) == [.lost])
        #expect(log.all == ["backend.extend 1"])
    }

    @Test func replayPublishesWhatTheStorePutBack() async throws {
        let queue = queue(store: { $0.replayed = [Sample.message(), Sample.message()] })
        #expect(try await queue.replay(matching: TaskFilter(), limit: 7) == 2)
        #expect(log.all == ["store.replay 7", "backend.publish 2"])
        #expect(try await self.queue().replay(matching: TaskFilter(), limit: 7) == 0)
        #expect(log.all.last == "store.replay 7")
    }

    @Test func ringsWhenSomethingWillBeDue() async throws {
        let queue = queue()
        var (later, sooner) = (Sample.message(at: time.now()), Sample.message(at: time.now()))
        later.availableAt = time.now().advanced(by: .seconds(60))
        sooner.availableAt = time.now().advanced(by: .seconds(20))
        _ = try await queue.enqueue([later, sooner].map { NewTask(message: $0) })
        #expect(try await rings(queue.dueBell, at: 20))
        _ = try await queue.complete([report(.failed(Failure("x")))])
        #expect(try await rings(queue.dueBell, at: 10))
    }

    @Test func ringsWhenALeaseWillEnd() async throws {
        let queue = queue(backend: { $0.leased = [Sample.delivery()] })
        _ = try await queue.claim(LeaseRequest(limit: 1, duration: .seconds(15)))
        #expect(try await rings(queue.expiryBell, at: 15))
    }

    /// Whether `bell` rings so many seconds from now, and not before.
    private func rings(_ bell: Bell, at seconds: Int) async throws -> Bool {
        let rung = Counter()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await bell.wait(until: .distantFuture, on: time)
                rung.increment()
            }
            try await eventually("the bell sleeps") { time.sleeping == 1 }
            time.advance(by: .seconds(seconds) - .milliseconds(1))
            guard time.sleeping == 1 else { return false }
            time.advance(by: .milliseconds(1))
            try await group.waitForAll()
            return rung.value == 1
        }
    }
}
