public import SojournCore
public import SojournModel
import Synchronization

/// Store and backend in the memory of one process: for tests, simulations, and work that may be lost with the process.
///
/// Answers that the seams leave open: a task whose cancellation was asked for is cancelled instead of being handed
/// out again; an identifier that is inserted twice is a duplicate or a conflict, as an idempotency key would be.
public final class MemoryQueue: Sendable {
    private let time: any TimeSource
    private let state: Mutex<QueueState>
    private let claims: WaitList

    /// An empty queue. `random` makes the lease tokens: give a seeded one to tests only.
    public init(
        time: any TimeSource, random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.time = time
        self.state = Mutex(QueueState(random: random))
        self.claims = WaitList(time: time)
    }

    /// One step of the state machine; claims that wait for what it made available are woken.
    func step<Answer: Sendable, Failure: Error>(
        _ body: (inout QueueState, Timestamp) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        let now = time.now()
        let (answer, gains) = try state.withLock { state throws(Failure) in
            let answer = try body(&state, now)
            return (answer, state.takeGains())
        }
        // In one order always, so that the same calls wake the same claims.
        for (gain, count) in gains.sorted(by: { $0.key < $1.key }) {
            claims.wake(gain.queue, type: gain.type, count: count)
        }
        return answer
    }
}

extension MemoryQueue: TaskStore {
    /// Accepts tasks, all or none; they are available at once.
    ///
    /// - Throws: ``BackendError/Code/rejected`` where a payload is longer than ``Limits/payloadBytes``,
    ///   ``BackendError/Code/throttled`` where there is no room.
    public func insert(_ tasks: [NewTask], room: [QueueName: Int]) async throws(BackendError) -> [InsertResult] {
        try step { state, now throws(BackendError) in try state.insert(tasks, room: room, now: now) }
    }

    /// The task that each one's idempotency key belongs to.
    public func owners(of tasks: [NewTask]) async -> [TaskID?] {
        step { state, _ in
            tasks.map { task in
                task.idempotencyKey.flatMap { state.keys.owner(of: $0, tenant: task.message.tenant)?.task }
            }
        }
    }

    /// Says of each delivery whether its lease still holds.
    public func begin(_ deliveries: [Delivery]) async -> [BeginResult] {
        step { state, _ in deliveries.map { state.begin($0) } }
    }

    /// Ends attempts, fenced by their leases, and ends the leases.
    public func finish(_ results: [AttemptResult]) async -> [SettlementStatus] {
        step { state, now in results.map { state.finish($0, now: now) } }
    }

    /// Nothing: a task that is stored is available.
    public func unpublished(limit: Int) async -> [TaskMessage] { [] }

    /// The deliveries that these leases stand for; nil where a lease no longer holds.
    public func deliveries(of leases: [(task: TaskID, token: LeaseToken)]) async -> [Delivery?] {
        step { state, _ in leases.map { state.delivery(of: $0.task, $0.token) } }
    }

    /// One task with its attempts.
    public func task(_ id: TaskID) async -> TaskRecord? { step { state, _ in state.record(of: id) } }

    /// A listing, newest first, without attempts.
    ///
    /// - Throws: ``BackendError/Code/rejected`` where the cursor is none.
    public func tasks(
        matching filter: TaskFilter, limit: Int, cursor: String?
    ) async throws(BackendError) -> TaskPage {
        try step { state, _ throws(BackendError) in
            try state.page(matching: filter, limit: limit, cursor: cursor)
        }
    }

    /// Stops tasks that wait, and asks for those that run.
    public func cancel(_ ids: [TaskID]) async -> [CancelResult] {
        step { state, now in ids.map { state.cancel($0, now: now) } }
    }

    /// Puts dead letters back with a new budget of attempts, oldest first; they are available at once.
    public func replay(matching filter: TaskFilter, limit: Int) async -> [TaskMessage] {
        step { state, now in state.replay(matching: filter, limit: limit, now: now) }
    }

    /// Deletes dead letters, oldest first. Their idempotency keys stay for their own time.
    public func purge(matching filter: TaskFilter, limit: Int) async -> Int {
        step { state, _ in state.purge(matching: filter, limit: limit) }
    }

    /// Deletes tasks and forgets keys whose time is over; how many, together.
    public func prune(_ cutoffs: RetentionCutoffs, limit: Int) async -> Int {
        step { state, _ in state.prune(cutoffs, limit: limit) }
    }
}

extension MemoryQueue: QueueBackend {
    /// What it can do.
    public var capabilities: BackendCapabilities {
        BackendCapabilities(name: "memory", sharesStoreTransaction: true)
    }

    /// Nothing: `insert` and `replay` have made the tasks available and woken those who wait.
    public func publish(_ messages: [TaskMessage]) async {}

    /// Hands out at most `limit` tasks, each under a new lease; waits for one if there is none. Where it finds only
    /// tasks past their deadline it says so at once.
    public func lease(_ request: LeaseRequest) async -> LeaseGrant {
        await claims.claim(request) { step { state, now in state.lease(request, now: now) } }
    }

    /// Moves the end of leases to `duration` from now.
    public func extend(_ leases: [Lease], by duration: Duration) async -> [LeaseStatus] {
        step { state, now in leases.map { state.extend($0, by: duration, now: now) } }
    }

    /// Changes nothing: `finish` has ended the leases. Says which of them it has.
    public func settle(_ settlements: [Settlement]) async -> [SettlementStatus] {
        step { state, _ in
            settlements.map { state.settled($0.lease.task)?.token == $0.lease.token ? .settled : .leaseLost }
        }
    }

    /// Makes scheduled and retrying tasks whose time has come available.
    public func promote(limit: Int) async -> DutyProgress { await promoteHinting(limit: limit).progress }

    /// Deliveries whose lease has ended, and when the next lease ends.
    public func expired(limit: Int) async -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        step { state, now in state.expired(limit: limit, now: now) }
    }

    /// How many tasks are where.
    public func depths() async -> [QueueDepth] {
        step { state, _ in state.depths.all(oldest: state.lanes.oldest(in: state.table)) }
    }

    /// Stops or resumes handing out the tasks of a queue.
    public func setPaused(_ queue: QueueName, _ isPaused: Bool) async {
        step { state, _ in
            if isPaused {
                state.paused.insert(queue)
            } else if state.paused.remove(queue) != nil {
                state.announce(state.lanes.gains(in: queue))
            }
        }
    }

    /// The queues that are paused.
    public func pausedQueues() async -> Set<QueueName> { step { state, _ in state.paused } }

    /// Returns at once: there is nothing to keep alive.
    public func run() async {}
}
