public import SojournModel

/// Store and backend behind one face.
///
/// Every call is one straight line, and both halves are always called, in the same order. Where the two are one
/// database, one of the halves has nothing to do; this code does not know.
public struct LocalTaskQueue: TaskSource, TaskSink {
    /// The durable truth.
    public let store: any TaskStore
    /// What moves tasks.
    public let backend: any QueueBackend
    /// What holds for tasks that do not say otherwise.
    public let policies: TaskPolicies
    /// What decides which tasks are taken, and sees what happens to them; nil = every task is taken.
    public let traffic: (any TrafficControl)?
    /// The clock.
    public let time: any TimeSource
    /// What the spread of retries is drawn from.
    public let chance: Chance
    /// Rung when a task becomes due later.
    public let dueBell = Bell()
    /// Rung when a lease will end.
    public let expiryBell = Bell()

    /// Joins a store and a backend.
    public init(
        store: any TaskStore, backend: any QueueBackend, policies: TaskPolicies = TaskPolicies(),
        traffic: (any TrafficControl)? = nil, time: any TimeSource = SystemTime(), chance: Chance = .system
    ) {
        self.store = store
        self.backend = backend
        self.policies = policies
        self.traffic = traffic
        self.time = time
        self.chance = chance
    }

    /// Accepts tasks; durable when it returns.
    public func enqueue(_ tasks: [NewTask]) async throws(BackendError) -> [InsertResult] {
        try await accept(try await admit(tasks))
    }

    /// The first half of ``enqueue(_:)``: decides whether there is room; the tasks come back with their promises.
    ///
    /// Where several servers share the store, the second half may still find that others were quicker.
    ///
    /// Whoever asks again with an idempotency key that is known gets in: its task was taken long ago.
    ///
    /// - Throws: ``BackendError/Code/throttled`` with the time after which there will be room.
    public func admit(_ tasks: [NewTask]) async throws(BackendError) -> Admission {
        guard let traffic else { return Admission(tasks) }
        do throws(BackendError) {
            return try traffic.admit(tasks, areKnown: false, at: time.now())
        } catch {
            if try await areKnown(tasks) { return try traffic.admit(tasks, areKnown: true, at: time.now()) }
            traffic.refused(tasks)
            throw error
        }
    }

    private func areKnown(_ tasks: [NewTask]) async throws(BackendError) -> Bool {
        guard tasks.allSatisfy({ $0.idempotencyKey != nil }) else { return false }
        return try await store.owners(of: tasks).allSatisfy { $0 != nil }
    }

    /// The second half of ``enqueue(_:)``. A crash before `publish` is the outbox relay's business.
    ///
    /// - Throws: ``BackendError/Code/throttled`` with the time after which there will be room.
    public func accept(_ admission: Admission) async throws(BackendError) -> [InsertResult] {
        let tasks = admission.tasks
        let results: [InsertResult]
        do throws(BackendError) {
            results = try await store.insert(tasks, room: admission.room)
            traffic?.entered(tasks, results)
        } catch {
            traffic?.entered(tasks, nil)
            if let traffic, error.code == .throttled, !admission.room.isEmpty {
                if try await areKnown(tasks) {
                    return try await accept(try traffic.admit(tasks, areKnown: true, at: time.now()))
                }
                traffic.refused(tasks)
                throw traffic.overtaken(tasks, at: time.now())
            }
            throw error
        }
        var fresh: [TaskMessage] = []
        fresh.reserveCapacity(tasks.count)
        for (task, result) in zip(tasks, results) {
            if case .inserted = result { fresh.append(task.message) }
        }
        try await publish(fresh)
        return results
    }

    /// Hands out tasks, leaving out those that the store knows to be over.
    public func claim(_ request: LeaseRequest) async throws(BackendError) -> [Delivery] {
        guard let traffic else { return try await handOut(request).grant.deliveries }
        var request = request
        request.promises = traffic.promises
        traffic.asks(request, at: time.now())
        do throws(BackendError) {
            let (grant, skipped) = try await handOut(request)
            let now = time.now()
            traffic.left(skipped, at: now)
            traffic.started(grant.deliveries, for: request, at: now)
            return grant.deliveries
        } catch {
            traffic.started([], for: request, at: time.now())
            throw error
        }
    }

    /// Leases tasks, and leaves out those that the store knows to be over.
    private func handOut(
        _ request: LeaseRequest
    ) async throws(BackendError) -> (grant: LeaseGrant, skipped: [Arrival]) {
        var grant = try await backend.lease(request)
        // Before anything can fail: these are dead, and no other claim will find them.
        if !grant.expired.isEmpty { traffic?.expired(grant.expired, at: time.now()) }
        guard !grant.deliveries.isEmpty else { return (grant, []) }
        expiryBell.ring(at: time.now().advanced(by: request.duration))
        let decisions = try await store.begin(grant.deliveries)
        var wanted: [Delivery] = []
        wanted.reserveCapacity(grant.deliveries.count)
        var stale: [Settlement] = []
        var skipped: [Arrival] = []
        for (delivery, decision) in zip(grant.deliveries, decisions) {
            switch decision {
            case .run: wanted.append(delivery)
            case .skip:
                stale.append(Settlement(lease: delivery.lease, disposition: .acknowledge))
                skipped.append(Arrival(delivery.message))
            }
        }
        if !stale.isEmpty { _ = try await backend.settle(stale) }
        policies.limitTimes(of: &wanted)
        grant.deliveries = wanted
        return (grant, skipped)
    }

    /// Moves the end of leases.
    public func heartbeat(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        traffic?.renewed(leases, at: time.now())
        return try await backend.extend(leases, by: duration)
    }

    /// A worker of this process claims no more. False: nothing is lost when its claims are cancelled.
    public func leave(_ worker: String) async throws(BackendError) -> Bool {
        traffic?.left(worker)
        return false
    }

    /// Stops or resumes handing out the tasks of a queue.
    public func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        try await backend.setPaused(queue, isPaused)
        traffic?.paused(queue, isPaused)
    }

    /// Judges attempts, writes them down, settles them.
    public func complete(_ reports: [AttemptReport]) async throws(BackendError) -> [SettlementStatus] {
        guard !reports.isEmpty else { return [] }
        let results = judge(reports)
        let statuses = try await store.finish(results)
        var settled: [AttemptResult] = []
        settled.reserveCapacity(results.count)
        for (result, status) in zip(results, statuses) where status == .settled {
            settled.append(traffic == nil || result.verdict.status != .queued ? result : await asWritten(result))
            if case .release(let due) = result.verdict.disposition { dueBell.ring(at: due) }
        }
        traffic?.ended(settled, at: time.now())
        _ = try await backend.settle(
            settled.map { Settlement(lease: $0.report.delivery.lease, disposition: $0.verdict.disposition) })
        return statuses
    }

    /// A task that is handed back is cancelled instead where somebody asked for that: then it does not wait again.
    private func asWritten(_ result: AttemptResult) async -> AttemptResult {
        let record = try? await store.task(result.report.delivery.message.id)
        guard record?.status == .cancelled else { return result }
        return AttemptResult(report: result.report, verdict: result.verdict.honoringCancel)
    }

    /// Stops tasks that wait, and asks for those that run.
    public func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] {
        let results = try await store.cancel(ids)
        traffic?.left(
            results.compactMap { if case .cancelled(let waiting) = $0 { waiting } else { nil } }, at: time.now())
        return results
    }

    /// Makes due tasks available.
    public func promote(limit: Int) async throws(BackendError) -> DutyProgress {
        let progress = try await backend.promote(limit: limit)
        traffic?.waits(progress.arrivals)
        return progress
    }

    /// Puts dead letters back.
    public func replay(matching filter: TaskFilter, limit: Int) async throws(BackendError) -> Int {
        let messages = try await store.replay(matching: filter, limit: limit)
        traffic?.waits(messages.map(Arrival.init))
        try await publish(messages)
        return messages.count
    }

    /// Tells the backend of tasks that the store holds.
    public func publish(_ messages: [TaskMessage]) async throws(BackendError) {
        guard !messages.isEmpty else { return }
        try await backend.publish(messages)
        let now = time.now()
        // One that is due by now is scheduled all the same, and waits for somebody to promote it.
        if let due = messages.lazy.filter({ $0.isDelayed }).map(\.availableAt).min() { dueBell.ring(at: max(due, now)) }
    }

    private func judge(_ reports: [AttemptReport]) -> [AttemptResult] {
        let now = time.now()
        var random = chance
        return reports.map { report in
            let facts = policies.facts(of: report.delivery.message)
            let verdict = Verdict.decide(report.outcome, of: facts, now: now, random: &random)
            return AttemptResult(report: report, verdict: verdict)
        }
    }
}
