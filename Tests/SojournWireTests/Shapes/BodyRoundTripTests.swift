import SojournCore
import SojournModel
import SojournWire
import Testing

/// What one side writes, the other reads: every body, there and back.
@Suite("Bodies there and back") struct BodyRoundTripTests {
    private let now = Timestamp(microseconds: 1_767_225_600_123_456)
    private let id = TaskID(high: 0x0197_9F3C_5D2A_7CC0, low: 0x8A4E_0123_4567_89AB)
    private let token = LeaseToken(high: 1, low: .max)

    private func same<Body: WireBody & Equatable>(_ body: Body, _ location: SourceLocation = #_sourceLocation) throws {
        #expect(try Body(bytes: body.bytes) == body, sourceLocation: location)
    }

    private var message: TaskMessage {
        TaskMessage(
            id: id, type: "email.send", queue: "mail", tenant: "acme", priority: .low,
            payload: Array(#"{"a": 1}"#.utf8),
            maxRetries: 7, retry: RetryPolicy(strategy: .linear, base: .seconds(1), cap: .seconds(9), jitter: .none),
            timeout: .milliseconds(1_500), deadline: now.advanced(by: .seconds(60)), enqueuedAt: now,
            availableAt: now.advanced(by: .microseconds(1)),
            traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", attempt: 5, attemptsBeforeReplay: 3,
            crashes: 2)
    }

    private var bare: TaskMessage {
        TaskMessage(id: id, type: "t", payload: Array("null".utf8), enqueuedAt: now, availableAt: now)
    }

    @Test func answersToEnqueue() throws {
        for status in TaskStatus.allCases + [nil] {
            try same(EnqueueAnswer(taskID: id, status: status, queue: "q", priority: .high, isDuplicate: true))
        }
        try same(
            EnqueueBatchAnswer(results: [
                EnqueueAnswer(
                    taskID: id, status: .queued, queue: "q", priority: .critical, estimatedStart: .milliseconds(120))
            ]))
    }

    @Test func tasks() throws {
        try same(TaskView(TaskRecord(message: bare, status: .queued)))
        let attempts = [
            AttemptRecord(
                number: 1, worker: "w:1", startedAt: now, finishedAt: now.advanced(by: .seconds(1)), outcome: "failed",
                error: "no \"route\"\n</script>\u{2028}"),
            AttemptRecord(number: 2, worker: "w", startedAt: now),
        ]
        let record = TaskRecord(
            message: message, status: .dead, attempts: attempts, startedAt: now, finishedAt: now,
            result: Array("[1, 2]".utf8), lastError: "é", deadReason: .poison, tags: ["a", "b:c"],
            isCancelRequested: true, waited: .microseconds(1))
        for isMet in [true, false, nil] {
            try same(TaskView(record, sla: SLAView(limit: .seconds(1), isMet: isMet)))
        }
        for estimate in [Duration.microseconds(1_500_001), .zero, nil] {
            var promised = record
            promised.message.promise = StartPromise(within: .milliseconds(2_500), estimate: estimate)
            try same(TaskView(promised, sla: SLAView(of: promised, queueLimit: .seconds(1), now: now)))
        }
        var listed = record
        listed.message.payload = []
        listed.result = nil
        try same(TaskPageView(tasks: [TaskView(listed, isWhole: false)], cursor: "12"))
        try same(TaskPageView(tasks: [], cursor: nil))
    }

    @Test(
        arguments: [
            (TaskStatus.queued, 0, nil as Int64?, nil as Bool?), (.queued, 1, nil, nil), (.queued, 2, nil, false),
            (.running, 9, 1, true), (.running, 9, 2, false), (.succeeded, 9, 0, true), (.scheduled, 9, nil, nil),
            (.dead, 0, nil, false), (.dead, 9, 1, true), (.cancelled, 9, nil, nil),
        ] as [(TaskStatus, Int64, Int64?, Bool?)])
    func promises(status: TaskStatus, seconds: Int64, waited: Int64?, isMet: Bool?) {
        let record = TaskRecord(message: bare, status: status, waited: waited.map { .seconds($0) })
        let instant = now.advanced(by: .seconds(seconds))
        #expect(SLAView(of: record, queueLimit: .seconds(1), now: instant)?.isMet == isMet)
        #expect(SLAView(of: record, queueLimit: nil, now: instant) == nil)
        var promised = record
        promised.message.promise = StartPromise(within: .seconds(1), estimate: .milliseconds(10))
        for limit in [nil, .zero, .seconds(100)] as [Duration?] {
            let own = SLAView(of: promised, queueLimit: limit, now: instant)
            #expect(own?.isMet == isMet)
            #expect(own?.limit == .seconds(1) && own?.estimatedStart == .milliseconds(10))
            #expect(own?.promisedStart == promised.message.availableAt.advanced(by: .seconds(1)))
        }
    }

    @Test func aPromiseIsShownToPeopleAndCarriedToNoWorker() throws {
        var promised = message
        promised.promise = StartPromise(within: .seconds(2), estimate: .milliseconds(1_500))
        let record = TaskRecord(message: promised, status: .queued)
        let shown = TaskView(record, sla: SLAView(of: record, queueLimit: nil, now: now))
        let text = String(decoding: shown.bytes, as: UTF8.self)
        #expect(text.contains(#""limit_seconds":2"#) && text.contains(#""estimated_start_seconds":1.5"#))
        #expect(text.contains(#""promised_start":""#))
        #expect(!String(decoding: TaskView(record).bytes, as: UTF8.self).contains("promised_start"))
    }

    @Test func bytesThatAreNoJSON() throws {
        let deep = Array((String(repeating: "[", count: 120) + String(repeating: "]", count: 120)).utf8)
        for payload in [[0xFF, 0x00], Array("{".utf8), deep] {
            var record = TaskRecord(message: bare, status: .succeeded, result: payload)
            record.message.payload = payload
            try same(TaskView(record))
            #expect(String(decoding: TaskView(record).bytes, as: UTF8.self).contains("payload_base64"))
        }
    }

    @Test func queues() throws {
        var view = QueueView(name: "q", isPaused: true, depth: [:])
        view.depth = Dictionary(uniqueKeysWithValues: Priority.allCases.map { ($0, [:]) })
        try same(view)
        view.depth[.high] = [.queued: 3, .dead: 1]
        view.oldestWait = .milliseconds(2_500)
        view.promise = QueuePromise(limit: .seconds(1), percentile: 99.9, arrivalRate: 20)
        view.insight.arrivalRate = 19.5
        view.insight.serviceTime = .milliseconds(200)
        view.insight.utilization = 0.83
        view.insight.maxDepth = 20
        view.insight.predictedWait = .milliseconds(40)
        view.insight.attainment = 0.999
        view.insight.breaches = 1
        view.insight.workers = 5
        view.insight.desiredWorkers = 6
        view.insight.decisions = [ScalingDecision(at: now, from: 5, to: 6, reason: "ρ > 0.8")]
        try same(QueueListView(queues: [view]))
    }

    @Test func stats() throws {
        let depths = [
            QueueDepth(queue: "a", priority: .high, counts: [.queued: 2, .running: 1]),
            QueueDepth(queue: "a", priority: .low, counts: [.queued: 3, .dead: 1]),
            QueueDepth(queue: "b", priority: .low, counts: [.scheduled: 4, .retrying: 5]),
        ]
        let view = try StatsView(bytes: StatsView(depths).bytes)
        #expect(view.total[.queued] == 5 && view.total[.running] == 1 && view.total[.dead] == 1)
        #expect(view.queues["a"]?[.queued] == 5 && view.queues["b"]?[.retrying] == 5 && view.queues.count == 2)
    }

    @Test func leases() throws {
        let lease = Lease(task: id, token: token, expiresAt: now.advanced(by: .seconds(30)))
        try same(
            LeaseAnswer(
                deliveries: [Delivery(message: message, lease: lease), Delivery(message: bare, lease: lease)], now: now)
        )
        let end = now.advanced(by: .seconds(1))
        try same(
            ExtendAnswer(leases: [(id, .held(until: end)), (id, .lost), (id, .cancelled(until: end))], now: now))
        try same(CompleteAnswer(tasks: [id, id], statuses: [.settled, .leaseLost]))
    }

    @Test func leaseRequests() throws {
        let requests = [
            LeaseRequest(limit: 1), LeaseRequest(queues: ["a", "b"], types: [], limit: 1_000, worker: "w:1"),
            LeaseRequest(types: ["t", "u"], limit: 5, duration: .milliseconds(1_500), wait: .seconds(60)),
        ]
        for request in requests {
            var writer = JSONWriter()
            writer.value(LeaseRequestBody(request))
            let read = try LeaseRequestBody(json: JSONValue(validating: writer.bytes), lease: .seconds(1))
            #expect(read.request == request)
        }
        var writer = JSONWriter()
        let extend = ExtendBody(leases: [LeaseReference(task: id, token: token)], duration: .seconds(5))
        writer.value(extend)
        #expect(try ExtendBody(json: JSONValue(validating: writer.bytes), lease: .seconds(1)) == extend)
        try same(LeaveBody(worker: "host:1"))
        try same(LeaveAnswer(ended: 3))
    }

    @Test(arguments: [
        Outcome.succeeded(), .succeeded(result: Array(#"{"a": [1]}"#.utf8)), .failed(Failure("e")),
        .failed(Failure("")),
        .failed(Failure("e", isRetryable: false, retryAfter: .milliseconds(1))), .snoozed(.zero), .snoozed(.seconds(5)),
        .discarded(reason: "useless"), .cancelled, .interrupted,
    ])
    func outcomes(outcome: Outcome) throws {
        let lease = LeaseReference(task: id, token: token)
        try same(CompleteBody(results: [CompletedAttempt(lease: lease, outcome: outcome, runTime: .microseconds(7))]))
        try same(CompleteBody(results: [CompletedAttempt(lease: lease, outcome: outcome)], worker: "w"))
    }

    @Test func outcomesThatOnlyTheServerKnows() throws {
        let lease = LeaseReference(task: id, token: token)
        for (written, read) in [
            (Outcome.breakerOpen(.seconds(5)), Outcome.snoozed(.seconds(5))), (.leaseExpired, .interrupted),
            // Delays that no server would take.
            (.snoozed(.seconds(-1)), .snoozed(.zero)),
            (.failed(Failure("e", retryAfter: .seconds(-1))), .failed(Failure("e", retryAfter: .zero))),
            (
                .failed(Failure("e", retryAfter: .seconds(1e12))),
                .failed(Failure("e", retryAfter: Limits.horizon))
            ),
        ] {
            let body = CompletedAttempt(lease: lease, outcome: written)
            #expect(try CompletedAttempt(bytes: body.bytes).outcome == read)
        }
    }

    @Test func theRest() throws {
        try same(
            Problem(status: 429, title: "Too Many Requests", detail: "d", type: "urn:x", taskID: id, retryAfter: 3))
        try same(Problem(status: 400, title: "Bad Request", detail: ""))
        try same(ReplayBody())
        try same(
            ReplayBody(
                filter: TaskFilter(queue: "q", type: "t", error: "e", ids: [id]), limit: 5, ratePerSecond: 0.5))
        try same(ReplayAnswer(replayed: 3, goesOn: true))
        try same(ReplayAnswer(replayed: 0))
        try same(ReplayAnswer(replayed: 0, goesOn: true, replayID: ReplayID()))
        let request = ReplayBody(filter: TaskFilter(queue: "q", error: "e"), limit: 9, ratePerSecond: 2)
        let view = ReplayView(
            id: ReplayID(), request: request, replayed: 4, startedAt: Timestamp(microseconds: 5_000_000),
            heldUpBy: "away")
        try same(view)
        try same(ReplayListView(replays: [view, view]))
        try same(PurgeAnswer(deleted: 9))
        try same(CancelAnswer(taskID: id, status: .running))
        try same(LeaseReference(task: id, token: token))
    }

    @Test(arguments: ["0123456789abcdef", "0000000000000000", "ffffffffffffffff"])
    func identifiersOfReplays(text: String) { #expect(ReplayID(text)?.description == text) }

    @Test(
        arguments: [
            "", "0123456789abcde", "0123456789abcdefa", "+123456789abcdef", "-000000000000000", "0123456789abcdeg",
        ])
    func whatIsNoIdentifierOfAReplay(text: String) { #expect(ReplayID(text) == nil) }

    /// A newer server may say more; a client of today does not mind.
    @Test func answersMayHaveMoreFields() throws {
        let text = #"{"replayed":3,"skipped":1,"in_background":null}"#
        #expect(try ReplayAnswer(bytes: Array(text.utf8)) == ReplayAnswer(replayed: 3))
    }
}
