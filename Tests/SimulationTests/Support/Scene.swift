import SimulationKit
import SojournCore
import SojournModel

/// A history made by hand, call by call.
struct Scene {
    private(set) var history = History()
    private var order = 0
    private var time = Timestamp(microseconds: 1_767_225_600_000_000)
    private var made: UInt64 = 0

    static let lease: Duration = .seconds(2)

    init() {
        history.terms.policies = TaskPolicies(
            maxRetries: 3, retry: RetryPolicy(base: .milliseconds(500), jitter: .equal))
    }

    var terms: Terms {
        get { history.terms }
        set { history.terms = newValue }
    }

    /// The next moment, a millisecond later.
    private mutating func tick() -> Moment {
        order += 1
        time = time.advanced(by: .milliseconds(1))
        return Moment(order: order, time: time)
    }

    mutating func wait(_ span: Duration) { time = time.advanced(by: span) }

    private mutating func add<Request, Answer>(
        _ list: WritableKeyPath<History, [Call<Request, Answer>]>, _ request: Request, _ result: Result3<Answer>
    ) {
        let (invoked, returned) = (tick(), tick())
        history[keyPath: list].append(Call(request, invoked: invoked, returned: returned, result: result))
    }

    // MARK: Clients

    /// A task that nobody has asked for yet.
    mutating func task(_ change: (inout TaskMessage) -> Void = { _ in }) -> NewTask {
        made += 1
        var message = TaskMessage(
            id: TaskID(high: 1, low: made), type: "a", payload: [UInt8(made), 7], enqueuedAt: time, availableAt: time)
        change(&message)
        return NewTask(message: message)
    }

    /// A task that was accepted, and waits.
    mutating func accepted(_ change: (inout TaskMessage) -> Void = { _ in }) -> NewTask {
        let task = task(change)
        insert(task, .ok([.inserted(task.message.id)]))
        end(task, .queued)
        return task
    }

    mutating func insert(_ task: NewTask, _ result: Result3<[InsertResult]>) { add(\.inserts, [task], result) }

    mutating func cancel(_ task: NewTask, _ result: CancelResult) { add(\.cancels, [task.message.id], .ok([result])) }

    mutating func replay() { add(\.replays, TaskFilter(), .ok(1)) }

    mutating func read(_ task: NewTask, _ status: TaskStatus?) {
        add(\.reads, task.message.id, .ok(status.map { TaskRecord(message: task.message, status: $0) }))
    }

    mutating func pause(_ isPaused: Bool) { add(\.pauses, Pause(queue: .default, isPaused: isPaused), .ok(true)) }

    // MARK: Workers

    /// Hands a task out.
    @discardableResult
    mutating func grant(
        _ task: NewTask, attempt: Int = 1, token: UInt64? = nil, _ change: (inout TaskMessage) -> Void = { _ in }
    ) -> Delivery {
        made += 1
        var message = task.message
        message.attempt = attempt
        change(&message)
        let lease = Lease(
            task: message.id, token: LeaseToken(high: 0, low: token ?? made),
            expiresAt: time.advanced(by: Self.lease))
        let delivery = Delivery(message: message, lease: lease)
        add(\.claims, LeaseRequest(limit: 1, duration: Self.lease), .ok([delivery]))
        return delivery
    }

    /// A worker asks for tasks, one comes in, and the worker hears of it so much later.
    mutating func sleepThrough(_ span: Duration) {
        let invoked = tick()
        let task = accepted()
        wait(span)
        let delivery = grant(task)
        let returned = tick()
        history.claims.append(
            Call(LeaseRequest(limit: 1), invoked: invoked, returned: returned, result: .ok([])))
        finish(delivery)
        end(task, .succeeded, attempt: 1)
    }

    mutating func run(_ delivery: Delivery, _ outcome: Outcome) {
        history.runs.append(Run(delivery, started: tick(), ended: tick(), outcome: outcome))
    }

    mutating func report(_ delivery: Delivery, _ outcome: Outcome, _ status: SettlementStatus?) {
        let report = AttemptReport(
            delivery: delivery, outcome: outcome, startedAt: time, finishedAt: time, worker: "w")
        add(\.reports, [report], status.map { .ok([$0]) } ?? .info)
    }

    /// Runs a task to its success.
    mutating func finish(_ delivery: Delivery, _ status: SettlementStatus? = .settled) {
        run(delivery, .succeeded(result: [9]))
        report(delivery, .succeeded(result: [9]), status)
    }

    mutating func beat(_ delivery: Delivery, isCancelled: Bool = false) {
        let end = time.advanced(by: Self.lease)
        add(\.heartbeats, [delivery.lease], .ok([isCancelled ? .cancelled(until: end) : .held(until: end)]))
    }

    // MARK: The end

    /// What the store says of a task in the end.
    mutating func end(
        _ task: NewTask, _ status: TaskStatus, attempt: Int = 0, _ change: (inout TaskRecord) -> Void = { _ in }
    ) {
        var record = TaskRecord(message: task.message, status: status)
        record.message.attempt = attempt
        if status == .succeeded { record.result = [9] }
        change(&record)
        history.final[task.message.id] = record
        history.deadLetters.removeAll { $0 == task.message.id }
        if status == .dead { history.deadLetters.append(task.message.id) }
    }

    mutating func forget(_ task: NewTask) { history.final[task.message.id] = nil }
    mutating func forgetDeadLetters() { history.deadLetters = [] }
    mutating func count(_ name: String, _ calls: Int) { history.calls[name] = calls }
    mutating func leaveHints(_ count: Int) { history.hintsLeft = count }
    mutating func getStuck() { history.stuck = "it hangs" }
}

/// What one rule has to flag, and what comes close to it and is legal.
struct RuleCase: Sendable {
    let about: String
    let bad: @Sendable (inout Scene) -> Void
    let good: @Sendable (inout Scene) -> Void

    init(
        _ about: String, bad: @escaping @Sendable (inout Scene) -> Void,
        good: @escaping @Sendable (inout Scene) -> Void
    ) {
        self.about = about
        self.bad = bad
        self.good = good
    }
}
