import SojournCore
import SojournModel

/// Random calls to a store and backend, each compared with the ``ReferenceModel``.
struct Workload {
    private let trial: Trial
    private var model = ReferenceModel()
    private var dice: SeededGenerator

    init(_ trial: Trial, seed: UInt64) {
        self.trial = trial
        self.dice = SeededGenerator(seed: seed)
    }

    /// One random call.
    mutating func step() async throws {
        switch Int.random(in: 0..<20, using: &dice) {
        case 0..<4: try await insert()
        case 4..<8: try await lease()
        case 8..<12: try await finish()
        case 12: try await repeatFinish()
        case 13: try await heartbeat()
        case 14: try await cancel()
        case 15, 16: try await trial.advance(.seconds(Int.random(in: 1...15, using: &dice)))
        case 17: try await promote()
        case 18: try await reap()
        default: try await replayOrPurge()
        }
    }

    /// Fails the check unless depths and, where wanted, every record are as they should be.
    func compare(records: Bool) async throws {
        let depths = try await trial.backend.depths()
        let counts = Dictionary(
            uniqueKeysWithValues: depths.map { depth in
                let row = ReferenceModel.Row(queue: depth.queue, priority: depth.priority)
                return (row, depth.counts.filter { $0.value != 0 })
            })
        try expectEqual(counts.filter { !$0.value.isEmpty }, model.counts, "depths")
        for depth in depths {
            let row = ReferenceModel.Row(queue: depth.queue, priority: depth.priority)
            try expectEqual(depth.oldestAvailableAt, model.oldest(row), "oldest that waits in \(row)")
        }
        guard records else { return }
        for (id, task) in model.tasks {
            let record = try await trial.record(id)
            try expectEqual(record.status, task.status, "status of \(id)")
            try expectEqual(record.message, task.message, "task \(id)")
            let outcomes = record.attempts.compactMap(\.outcome)
            try expectEqual(outcomes, task.outcomes, "outcomes of \(id)")
        }
    }

    private mutating func insert() async throws {
        let tasks = (0..<Int.random(in: 1...4, using: &dice)).map { _ in
            trial.newTask(
                type: pick("x", "y"), queue: pick("p", "q"), tenant: pick("s", "t"),
                priority: Priority.allCases[Int.random(in: 0..<4, using: &dice)],
                after: .seconds(max(0, Int.random(in: -10...10, using: &dice))),
                maxRetries: Int.random(in: 0...2, using: &dice),
                promise: pick(nil, StartPromise(within: .seconds(5), estimate: pick(nil, .milliseconds(1)))))
        }
        try await trial.enqueue(tasks)
        for task in tasks { model.insert(task.message, now: trial.now) }
    }

    private mutating func lease() async throws {
        let request = LeaseRequest(
            queues: pick([], [], ["p"], ["q", "p"]), types: pick(nil, nil, ["x"], ["y", "z"]),
            limit: Int.random(in: 0...5, using: &dice), duration: .seconds(pick(5, 20, 60)), worker: "worker",
            promises: promises())
        let available = model.available(for: request)
        let deliveries = try await trial.queue.claim(request)
        try expectEqual(deliveries.count, min(request.limit, available.count), "deliveries of \(available.count)")
        var taken: Set<TaskID> = []
        for delivery in deliveries {
            let message = try require(
                available.first { $0.id == delivery.message.id }, "only what waits and was asked for is handed out")
            let isOvertaking = available.contains {
                $0.lane == message.lane && $0.availableAt < message.availableAt && !taken.contains($0.id)
                    && isLate($0, for: request) == isLate(message, for: request)
            }
            try expect(!isOvertaking, "nobody overtakes in a lane")
            try expect(taken.insert(message.id).inserted, "a task is handed out once")
            model.start(delivery)
        }
    }

    private mutating func promises() -> [QueueName: LeasePromise] {
        let demoting = LeasePromise(limit: .seconds(pick(3, 6)), demotesLate: true)
        return pick(
            [:], ["p": demoting], ["p": demoting, "q": LeasePromise(limit: .seconds(4), demotesLate: false)],
            ["p": demoting, "q": demoting])
    }

    /// Whether the request's promises put the task behind those of its lane that are in time.
    private func isLate(_ message: TaskMessage, for request: LeaseRequest) -> Bool {
        request.promises[message.queue]?.cutoff(at: trial.now).map { message.availableAt < $0 } ?? false
    }

    private mutating func finish() async throws {
        guard let delivery = running() else { return }
        let outcomes: [Outcome] = [
            .succeeded(result: [1]), .failed(Failure("flaky")), .failed(Failure("broken", isRetryable: false)),
            .snoozed(.seconds(Int.random(in: 1...20, using: &dice))), .interrupted, .cancelled,
            .discarded(reason: "no"),
        ]
        try await report(delivery, outcomes[Int.random(in: 0..<outcomes.count, using: &dice)])
    }

    private mutating func report(_ delivery: Delivery, _ outcome: Outcome) async throws {
        let report = trial.report(delivery, outcome)
        try expectEqual(try await trial.queue.complete([report]), [.settled], "answer to \(outcome.name)")
        // Without jitter every generator gives the same verdict.
        let facts = Trial.policies.facts(of: delivery.message)
        model.settle(report, Verdict.decide(outcome, of: facts, now: trial.now, random: &dice))
    }

    private mutating func repeatFinish() async throws {
        let reports = model.tasks.values.compactMap(\.lastReport).sorted {
            $0.delivery.lease.task < $1.delivery.lease.task
        }
        guard let report = reports.randomElement(using: &dice) else { return }
        try expectEqual(try await trial.queue.complete([report]), [.settled], "answer to a repetition")
    }

    private mutating func heartbeat() async throws {
        guard let delivery = running() else { return }
        let duration = Duration.seconds(pick(5, 20, 60))
        let until = trial.now.advanced(by: duration)
        let answer = try await trial.queue.heartbeat([delivery.lease], by: duration)
        try expectEqual(answer, [.held(until: until)], "answer to a heartbeat")
        let lease = Lease(task: delivery.lease.task, token: delivery.lease.token, expiresAt: until)
        model.tasks[lease.task]?.lease = lease
    }

    private mutating func cancel() async throws {
        guard let id = model.tasks.keys.sorted().randomElement(using: &dice), let task = model.tasks[id] else { return }
        let answer = try await trial.store.cancel([id])[0]
        if let lease = task.lease {
            try expectEqual(answer, .requested, "cancel of a running task")
            try await report(Delivery(message: task.message, lease: lease), .cancelled)
        } else if task.status.isFinal {
            try expectEqual(answer, .final(task.status), "cancel of a task that is over")
        } else {
            let waiting = task.status == .queued ? Arrival(task.message) : nil
            try expectEqual(answer, .cancelled(waiting: waiting), "cancel of a \(task.status) task")
            model.tasks[id]?.status = .cancelled
        }
    }

    private mutating func promote() async throws {
        let limit = pick(1, 3, 100)
        let arrivals = try await trial.backend.promote(limit: limit).arrivals.map(\.availableAt).sorted()
        try expectEqual(arrivals, model.promote(limit: limit, now: trial.now), "arrivals with limit \(limit)")
        if limit < 100 { _ = try await trial.backend.promote(limit: 1_000) }
        _ = model.promote(limit: 1_000, now: trial.now)
    }

    private mutating func reap() async throws {
        let now = trial.now
        let ended = model.tasks.values.filter { $0.lease.map { $0.expiresAt <= now } ?? false }
        let deliveries = try await trial.backend.expired(limit: 1_000).deliveries
        try expectEqual(Set(deliveries.map(\.message.id)), Set(ended.map(\.message.id)), "ended leases")
        for delivery in deliveries { try await report(delivery, .leaseExpired) }
    }

    private mutating func replayOrPurge() async throws {
        let dead = model.ids(in: .dead)
        guard let id = dead.randomElement(using: &dice) else { return }
        if Bool.random(using: &dice) {
            try expectEqual(try await trial.queue.replay(matching: TaskFilter(ids: [id]), limit: 5), 1, "replayed")
            model.replay(id, now: trial.now)
        } else {
            try expectEqual(try await trial.store.purge(matching: TaskFilter(ids: [id]), limit: 5), 1, "purged")
            model.tasks[id] = nil
        }
    }

    /// A delivery whose lease nobody took back yet.
    private mutating func running() -> Delivery? {
        let running = model.tasks.values.filter { $0.lease != nil }.sorted { $0.message.id < $1.message.id }
        return running.randomElement(using: &dice).flatMap { task in
            task.lease.map { Delivery(message: task.message, lease: $0) }
        }
    }

    private mutating func pick<Choice>(_ choices: Choice...) -> Choice {
        choices[Int.random(in: 0..<choices.count, using: &dice)]
    }
}
