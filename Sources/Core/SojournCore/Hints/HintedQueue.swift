public import Logging
public import SojournModel
import Synchronization

/// A store that is the truth, and a channel that only says which of its tasks wait.
///
/// A claim pops hints and then claims those tasks from the store, which grants what really waits. The lease lives in
/// the store; the hint is gone at once. So a hint that is stale or doubled costs a look, and one that is lost comes
/// again: ``unpublished(limit:)`` finds it. A channel that is out of reach fails no enqueue and stops no worker: claims
/// go to the store's own queue meanwhile.
///
/// Somebody has to call ``unpublished(limit:)`` at least once a second: the server's outbox relay does.
public final class HintedQueue: TaskStore, QueueBackend {
    let store: any ClaimableStore
    let hints: any HintChannel
    let time: any TimeSource
    let logger: Logger
    let health = Mutex(HintHealth())

    /// How long a claim waits before it looks into the store again while nobody can wake it.
    private static let blindWait: Duration = .seconds(1)

    /// A queue over `store`. Both halves stay the caller's to close.
    public init(
        store: any ClaimableStore, hints: any HintChannel, time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "sojourn.hints")
    ) {
        self.store = store
        self.hints = hints
        self.time = time
        self.logger = logger
    }

    // MARK: Backend

    /// What the store can do.
    public var capabilities: BackendCapabilities {
        var capabilities = store.capabilities
        capabilities.name += "+\(hints.name)"
        return capabilities
    }

    /// Hints the tasks that are available. Never fails: the store has them.
    public func publish(_ messages: [TaskMessage]) async throws(BackendError) {
        await hint(messages.lazy.filter { !$0.isDelayed }.map(Hint.init))
    }

    /// Hands out tasks; waits for one if there is none. Where all it finds are past their deadline it says so at once.
    public func lease(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        try await hints.waiters.claim(request, lookAgain: { isUp ? nil : Self.blindWait }) {
            () throws(BackendError) in try await take(request)
        }
    }

    /// Pops hints and claims their tasks, until there is no room left, or no hint.
    private func take(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        var grant = LeaseGrant()
        // Hints may be stale by the thousand; who is told to stop does not look through them all.
        while !grant.isEnough(for: request), !Task.isCancelled {
            var rest = request
            rest.limit -= grant.deliveries.count
            rest.wait = .zero
            do throws(BackendError) {
                let popped = isUp ? await ask { () throws(BackendError) in try await hints.pop(rest) } : nil
                guard let popped else {
                    grant.add(try await store.lease(rest))
                    break
                }
                if popped.isEmpty { break }
                grant.add(try await claim(popped, for: rest))
                // There were no more, so asking again would only cost time.
                if popped.count < rest.limit, !grant.isEmpty { break }
            } catch {
                if grant.isEmpty { throw error }
                break
            }
        }
        return grant
    }

    private func claim(_ popped: [Hint], for request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        do throws(BackendError) {
            return try await store.claim(popped, for: request)
        } catch {
            // Whether the store did it or not is unknown; a hint too many does no harm.
            await hint(popped)
            throw error
        }
    }

    /// Moves the end of leases.
    public func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await store.extend(leases, by: duration)
    }

    /// What the store does: ``finish(_:)`` has hinted what went back.
    public func settle(_ settlements: [Settlement]) async throws(BackendError) -> [SettlementStatus] {
        try await store.settle(settlements)
    }

    /// Makes due tasks available, and hints them.
    public func promote(limit: Int) async throws(BackendError) -> DutyProgress {
        let (progress, promoted) = try await store.promoteHinting(limit: limit)
        await hint(promoted)
        return progress
    }

    /// Deliveries whose lease has ended.
    public func expired(
        limit: Int
    ) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        try await store.expired(limit: limit)
    }

    /// When the oldest lease that has ended did so.
    public func oldestExpiry() async throws(BackendError) -> Timestamp? { try await store.oldestExpiry() }

    /// How many tasks are where.
    public func depths() async throws(BackendError) -> [QueueDepth] { try await store.depths() }

    /// Stops or resumes handing out the tasks of a queue. What the store says holds; the channel is told so that it
    /// does not hand out hints in vain.
    public func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        // In this order, so that no hint is popped that the store would refuse.
        if isPaused { await tell(queue, isPaused: true) }
        try await store.setPaused(queue, isPaused)
        if !isPaused { await tell(queue, isPaused: false) }
    }

    /// The queues that are paused.
    public func pausedQueues() async throws(BackendError) -> Set<QueueName> { try await store.pausedQueues() }

    /// Keeps the connections of both halves alive until cancelled.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.store.run() }
            group.addTask { try await self.hints.run() }
            try await group.allOrFirstFailure()
        }
    }
}

// MARK: The channel, which may be out of reach

extension HintedQueue {
    var isUp: Bool { health.withLock { $0.isUp } }

    /// The answer of the channel; nil where it has none, and then it is not asked again until the repair has found it.
    func ask<Value>(_ call: () async throws(BackendError) -> Value) async -> Value? {
        do throws(BackendError) {
            return try await call()
        } catch {
            if health.withLock({ $0.fail() }) {
                logger.warning(
                    "The hints are out of reach; claims go to the store",
                    metadata: ["channel": "\(hints.name)", "error": "\(error)"])
                // Nobody else will wake those who wait for the channel.
                hints.waiters.wakeAll()
            }
            return nil
        }
    }

    /// Pushes hints; whether they are in the channel now. Those that are not will be pushed when it is back.
    @discardableResult
    func hint(_ new: some Collection<Hint>) async -> Bool {
        let new = Array(new)
        guard let first = new.lazy.map(\.availableAt).min() else { return true }
        if isUp, await ask({ () throws(BackendError) in try await hints.push(new) }) != nil { return true }
        health.withLock { $0.miss(since: first) }
        for hint in new { hints.waiters.wake(hint.line.lane.queue, type: hint.line.type, count: 1) }
        return false
    }

    func tell(_ queue: QueueName, isPaused: Bool) async {
        if isUp { _ = await ask { () throws(BackendError) in try await hints.setPaused(queue, isPaused) } }
        if !isPaused { hints.waiters.wake(queue, count: .max) }
    }
}
