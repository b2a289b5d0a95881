#if HTTP
@testable import SojournClient
import SojournCore
import SojournHTTP
import SojournModel
import SojournWire
import Testing

@Suite("The client") struct ClientTests {
    /// A server and a client of it.
    private func with(
        time: any TimeSource = SystemTime(), store: FaultyQueue? = nil,
        configure: (inout HTTPServerConfiguration) -> Void = { _ in },
        key: String? = nil, _ body: (SojournClient, TestServer) async throws -> Void
    ) async throws {
        try await TestServer.with(time: time, store: store, configure: configure) { server in
            var configuration = ClientConfiguration(apiKey: key)
            configuration.firstPause = .milliseconds(1)
            let client = try SojournClient(server.url, configuration: configuration)
            do { try await body(client, server) } catch {
                await client.shutdown()
                throw error
            }
            await client.shutdown()
        }
    }

    private func task(_ type: TaskType, payload: String = "null", key: String? = nil, queue: QueueName = "q") -> NewTask
    {
        let now = SystemTime().now()
        let message = TaskMessage(
            id: TaskID(high: 0, low: .random(in: .min ... .max)), type: type, queue: queue,
            payload: Array(payload.utf8),
            enqueuedAt: now, availableAt: now)
        return NewTask(message: message, idempotencyKey: key)
    }

    @Test func enqueuesWhatItIsTold() async throws {
        try await with { client, server in
            var new = task("t", payload: #"{"b": 1,"a":2}"#, key: "k")
            new.message.priority = .critical
            new.message.tenant = "acme"
            new.message.maxRetries = 4
            new.message.retry = RetryPolicy(strategy: .fixed, base: .seconds(1), cap: .seconds(2), jitter: .equal)
            new.message.timeout = .milliseconds(1_500)
            new.message.availableAt = new.message.enqueuedAt.advanced(by: .microseconds(30_000_001))
            new.message.deadline = new.message.enqueuedAt.advanced(by: .seconds(90))
            new.message.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            new.tags = ["x", "y"]
            let answer = try await client.enqueue(new)
            #expect(answer.status == .scheduled && !answer.isDuplicate)
            let record = try #require(try await server.queue.store.task(answer.taskID))
            let message = record.message
            #expect(message.payload == new.message.payload && message.lane == new.message.lane)
            #expect(
                message.maxRetries == 4 && message.retry == new.message.retry && message.timeout == new.message.timeout)
            #expect(message.availableAt.duration(since: message.enqueuedAt) == .microseconds(30_000_001))
            #expect(message.deadline?.duration(since: message.enqueuedAt) == .seconds(90))
            #expect(message.traceparent == new.message.traceparent && record.tags == ["x", "y"])
            let again = try await client.enqueue(new)
            #expect(again.isDuplicate && again.taskID == answer.taskID)
        }
    }

    @Test func isASinkLikeAnyOther() async throws {
        try await with { client, _ in
            let sink: any TaskSink = client
            let first = try await sink.enqueue([task("t", key: "k")])
            guard case .inserted(let id) = first.first else {
                Issue.record("\(first)")
                return
            }
            #expect(try await sink.enqueue([task("t", key: "k")]) == [.duplicate(of: id)])
            #expect(try await sink.enqueue([task("t", payload: "1", key: "k")]) == [.conflict(with: id)])
            let many = try await sink.enqueue([task("t"), task("t", key: "k"), task("u", key: "k")])
            #expect(many[1] == .duplicate(of: id) && many[2] == .conflict(with: id))
            #expect(try await sink.enqueue([]).isEmpty)
        }
    }

    @Test func isASourceLikeAnyOther() async throws {
        try await with { client, server in
            let source: any TaskSource = client
            let request = LeaseRequest(
                queues: ["q"], types: ["t"], limit: 10, duration: .seconds(30), worker: "remote-1")
            #expect(try await source.claim(request).isEmpty)
            _ = try await client.enqueueAll((0..<3).map { task("t", payload: "\($0)") })
            let deliveries = try await source.claim(request)
            #expect(deliveries.map(\.message.payload) == ["0", "1", "2"].map { Array($0.utf8) })
            #expect(deliveries.allSatisfy { $0.message.attempt == 1 && $0.message.maxRetries == nil })
            let leases = deliveries.map(\.lease)
            let statuses = try await source.heartbeat(leases, by: .seconds(60))
            for status in statuses {
                guard case .held(let end) = status else {
                    Issue.record("\(status)")
                    continue
                }
                let left = end.duration(since: SystemTime().now())
                #expect(left > .seconds(50) && left <= .seconds(61))
            }
            let now = SystemTime().now()
            let outcomes: [Outcome] = [
                .succeeded(result: Array("[1]".utf8)), .failed(Failure("no \0 route", isRetryable: false)),
                .breakerOpen(.seconds(5)),
            ]
            let reports = zip(deliveries, outcomes).map {
                AttemptReport(
                    delivery: $0, outcome: $1, startedAt: now.advanced(by: .seconds(-2)), finishedAt: now,
                    worker: "remote-1")
            }
            #expect(try await source.complete(reports) == [.settled, .settled, .settled])
            #expect(try await source.complete(Array(reports.prefix(1))) == [.settled], "said once more")
            #expect(try await source.heartbeat(leases, by: .seconds(60)) == [.lost, .lost, .lost])
            var records: [TaskRecord] = []
            for delivery in deliveries {
                records.append(try #require(try await server.queue.store.task(delivery.message.id)))
            }
            #expect(records.map(\.status) == [.succeeded, .dead, .scheduled])
            #expect(records[0].result == Array("[1]".utf8) && records[1].lastError == "no \u{FFFD} route")
            let attempt = try #require(records[0].attempts.last)
            #expect(
                attempt.worker == "remote-1" && attempt.finishedAt?.duration(since: attempt.startedAt) == .seconds(2))
        }
    }

    /// A worker whose clock is an hour off sees when its lease ends by its own clock.
    @Test func leasesEndByTheClientsClock() async throws {
        try await with { _, server in
            let wrong = ManualTime(start: server.queue.time.now().advanced(by: .seconds(3_600)))
            var configuration = ClientConfiguration()
            configuration.time = wrong
            let client = try SojournClient(server.url, configuration: configuration)
            _ = try await client.enqueue(task("t"))
            let delivery = try #require(try await client.claim(LeaseRequest(limit: 1, duration: .seconds(30))).first)
            let left = delivery.lease.expiresAt.duration(since: wrong.now())
            #expect(left > .seconds(25) && left <= .seconds(30))
            await client.shutdown()
        }
    }

    @Test func manages() async throws {
        try await with { client, _ in
            let ids = try await client.enqueueAll([task("a"), task("b", queue: "r")]).map(\.taskID)
            #expect(try await client.task(ids[0])?.record.status == .queued)
            #expect(try await client.task(TaskID(high: 1, low: 1)) == nil)
            #expect(try await client.tasks(matching: TaskFilter(queue: "r")).tasks.map(\.record.message.id) == [ids[1]])
            #expect(try await client.queues().map(\.name) == ["q", "r"])
            #expect(try await client.queue("q")?.waiting == 1)
            #expect(try await client.queue("none") == nil)
            #expect(try await client.pause("q").isPaused)
            #expect(try await client.claim(LeaseRequest(queues: ["q"], limit: 1)).isEmpty)
            #expect(try await client.resume("q").isPaused == false)
            #expect(try await client.stats().total[.queued] == 2)
            #expect(try await client.cancel(ids[1]) == .cancelled(waiting: nil))
            #expect(try await client.cancel(TaskID(high: 1, low: 1)) == .unknown)
            let delivery = try #require(try await client.claim(LeaseRequest(limit: 1)).first)
            #expect(try await client.cancel(ids[0]) == .requested)
            let now = SystemTime().now()
            let report = AttemptReport(
                delivery: delivery, outcome: .discarded(reason: "100% useless & done"), startedAt: now, finishedAt: now,
                worker: "w")
            _ = try await client.complete([report])
            #expect(try await client.cancel(ids[0]) == .final(.dead))
            try await client.checkHealth()
            try await client.checkReady()
        }
    }

    @Test func deadLetters() async throws {
        try await with { client, _ in
            _ = try await client.enqueueAll((0..<4).map { _ in task("t") })
            let now = SystemTime().now()
            let reports = try await client.claim(LeaseRequest(limit: 4)).enumerated().map { number, delivery in
                AttemptReport(
                    delivery: delivery, outcome: .discarded(reason: "100% useless & done #\(number)"), startedAt: now,
                    finishedAt: now, worker: "w")
            }
            _ = try await client.complete(reports)
            let page = try await client.deadLetters(matching: TaskFilter(type: "t", error: "% useless & done #2"))
            #expect(page.tasks.map(\.record.lastError) == ["100% useless & done #2"])
            let one = try #require(page.tasks.first?.record.message.id)
            #expect(try await client.replay(ReplayBody(filter: TaskFilter(ids: [one]))).replayed == 1)
            #expect(try await client.purge(matching: TaskFilter(error: "#0")) == 1)
            #expect(try await client.purge(matching: TaskFilter(queue: "q"), limit: 5) == 2)
        }
    }

    @Test func saysWhyTheServerRefused() async throws {
        try await with { client, _ in
            var wrong = task("t")
            wrong.message.maxRetries = 100_000
            let error = await #expect(throws: ClientError.self) { try await client.enqueue(wrong) }
            #expect(error?.problem?.status == 400 && error?.description.contains("max_retries") == true)
            #expect(error?.isNotReachable == false && error?.asBackendError.code == .rejected)
        }
        try await with(configure: { $0.apiKeys = ["key"] }) { client, _ in
            let error = await #expect(throws: ClientError.self) { try await client.stats() }
            #expect(error?.problem?.status == 401)
            try await client.checkHealth()
        }
        try await with(configure: { $0.apiKeys = ["key"] }, key: "key") { client, _ in
            let stats = try await client.stats()
            #expect(stats.queues.isEmpty)
        }
    }

    @Test func mapsTheStoresFailures() async throws {
        let store = FaultyQueue()
        try await with(store: store) { client, _ in
            for (sent, seen) in [
                (BackendError.Code.unavailable, BackendError.Code.unavailable), (.throttled, .throttled),
                (.full, .full),
                (.rejected, .rejected),
            ] {
                store.fail(with: BackendError(sent, "It cannot."))
                let error = await #expect(throws: BackendError.self) {
                    _ = try await client.claim(LeaseRequest(limit: 1))
                }
                #expect(error?.code == seen && error?.message == "It cannot.")
            }
        }
    }

    /// What may be repeated is repeated until the store is back.
    @Test func repeatsWhatMayBeRepeated() async throws {
        let store = FaultyQueue()
        try await with(store: store) { client, _ in
            let answer = try await client.enqueue(task("t"))
            store.fail(with: BackendError(.unavailable, "Away."), times: 3)
            #expect(try await client.task(answer.taskID)?.record.status == .queued)
            store.fail(with: BackendError(.unavailable, "Away."), times: 1)
            await #expect(throws: ClientError.self) { try await client.enqueue(task("t")) }
            store.fail(with: BackendError(.unavailable, "Away."), times: 1)
            #expect(try await client.enqueue(task("t", key: "k")).status == .queued)
        }
    }

    @Test func tellsThatNobodyIsThere() async throws {
        let port = try await TestServer.with { $0.port }
        var configuration = ClientConfiguration()
        configuration.firstPause = .milliseconds(1)
        for host in ["127.0.0.1", "localhost"] {
            let client = try SojournClient("http://\(host):\(port)", configuration: configuration)
            let error = await #expect(throws: ClientError.self) { try await client.stats() }
            #expect(
                error?.isNotReachable == true && error?.asBackendError.code == .unavailable,
                "\(error?.description ?? "")")
            await client.shutdown()
        }
    }

    @Test func givesUpOnAServerThatDoesNotAnswer() async throws {
        try await with { _, server in
            var configuration = ClientConfiguration()
            configuration.answerTime = .milliseconds(50)
            configuration.attempts = 2
            configuration.firstPause = .milliseconds(1)
            let client = try SojournClient(server.url, configuration: configuration)
            // The server waits longer than the client believes it may.
            let call = Transport.Call(
                method: .post, path: "/leases", body: Array(#"{"wait_seconds":30}"#.utf8), isRepeatable: true)
            let error = await #expect(throws: ClientError.self) {
                let _: LeaseAnswer = try await client.answer(call)
            }
            #expect(error?.isNotReachable == true)
            await client.shutdown()
        }
    }

    @Test func aCancelledClaimFreesItsPlace() async throws {
        let time = ManualTime()
        try await with(time: time) { client, _ in
            try await withThrowingTaskGroup(of: [Delivery].self) { group in
                group.addTask { try await client.claim(LeaseRequest(limit: 1, wait: .seconds(60))) }
                await time.until { $0 == 1 }
                group.cancelAll()
                let nothing = try await group.next()
                #expect(nothing == [])
            }
            // The server has seen that nobody waits any more.
            await time.until { $0 == 0 }
            _ = try await client.enqueue(task("t"))
            let deliveries = try await client.claim(LeaseRequest(limit: 1))
            #expect(deliveries.count == 1)
        }
    }

    @Test(arguments: [
        "", "localhost:8080", "ftp://localhost", "http://", "http:///x", "http://:80", "http://a b", "http://a?b",
        "http://a#b",
    ])
    func refusesWhatIsNoAddress(url: String) {
        let error = #expect(throws: ClientError.self) { try SojournClient(url) }
        #expect(error?.description.contains("http://127.0.0.1:8080") == true)
    }

    @Test func refusesWhatCannotTravel() async throws {
        try await with { client, server in
            let error = await #expect(throws: ClientError.self) { try await client.enqueue(task("t", payload: "{")) }
            #expect(error?.description.contains("must be JSON") == true)
            let many = Array(repeating: task("t"), count: 1_001)
            await #expect(throws: BackendError.self) { try await (client as any TaskSink).enqueue(many) }
            let count = try await server.taskCount()
            #expect(count == 0)
        }
    }

    /// Ten results of 64 KiB, a thousand small ones and errors that need escaping all fit into requests of 1 MiB.
    @Test func longReportsTravelInParts() async throws {
        try await with { client, server in
            _ = try await client.enqueueAll((0..<100).map { _ in task("t") })
            let deliveries = try await client.claim(LeaseRequest(limit: 100))
            let now = SystemTime().now()
            let result = Array("\"\(String(repeating: "r", count: Limits.resultBytes - 2))\"".utf8)
            let reports = deliveries.enumerated().map { number, delivery in
                AttemptReport(
                    delivery: delivery,
                    outcome: number.isMultiple(of: 2)
                        ? .succeeded(result: result)
                        : .failed(Failure(String(repeating: "\u{1}", count: 40_000), isRetryable: false)),
                    startedAt: now, finishedAt: now, worker: "w")
            }
            #expect(try await client.complete(reports) == Array(repeating: .settled, count: 100))
            let record = try #require(try await server.queue.store.task(deliveries[0].message.id))
            #expect(record.result == result)
        }
    }
}
#endif
