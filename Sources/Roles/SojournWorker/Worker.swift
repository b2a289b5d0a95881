public import Logging
public import ServiceLifecycle
public import SojournCore
public import SojournModel
import Synchronization

/// What a worker serves, and how.
public struct WorkerConfiguration: Sendable {
    /// The queues it serves; empty = all of them.
    public var queues: [QueueName]
    /// Attempts at once, 1 to ``Limits/concurrency``.
    public var concurrency: Int
    /// How long a lease lasts; it is renewed every third of that.
    public var leaseDuration: Duration
    /// How long one claim waits for a task.
    public var claimWait: Duration
    /// How long running attempts may go on after the worker was told to stop.
    public var drainTime: Duration
    /// Who it is, shown with its attempts.
    public var name: String
    /// Whether it runs in the process that owns the store, so that a restart of the one proves the other gone.
    public var isLocal: Bool

    /// A configuration; numbers out of range are brought within ``Limits``.
    public init(
        queues: [QueueName] = [], concurrency: Int = 12, leaseDuration: Duration = .seconds(60),
        claimWait: Duration = .seconds(20), drainTime: Duration = .seconds(30), name: String, isLocal: Bool = false
    ) {
        self.queues = queues
        self.concurrency = min(max(1, concurrency), Limits.concurrency)
        self.leaseDuration = leaseDuration.clamped(to: Limits.lease)
        self.claimWait = claimWait.clamped(to: .zero...Limits.claimWait)
        self.drainTime = drainTime.clamped(to: .zero...Limits.horizon)
        self.name = name
        self.isLocal = isLocal
    }
}

/// Claims tasks, runs them, hands the results back.
///
/// ```
///          claim             attempt             submit             complete
/// source ──────────▶ worker ─────────▶ handler ──────────▶ settler ──────────▶ source
///                      └── watch: heartbeats, time limits, cancellation
/// ```
public struct Worker: Service {
    private let source: any TaskSource
    private let handlers: HandlerRegistry
    private let configuration: WorkerConfiguration
    private let time: any TimeSource
    private let chance: Chance
    private let logger: Logger
    private let slots: SlotPool
    private let attempts: AttemptTasks
    private let runner: AttemptRunner
    private let settler: Settler
    private let watch: Watch

    /// Claims under way at one time, and batches of reports: while the source is busy with one, this process is with
    /// the other. A small worker has no use for that.
    private static let pipelines = 3
    private static let pipelinedFrom = 64

    /// How long claims that wait elsewhere get to return when the worker stops; part of the drain time.
    private static let farewell: Duration = .seconds(1)

    /// After the drain time and a cancellation, handlers get this long to return.
    private static let lastGrace: Duration = .milliseconds(750)

    /// A worker; it asks only for types that `handlers` knows.
    ///
    /// - Parameter executor: where attempts run, and the watch over their leases; without one, attempts run on the
    ///   shared pool and the watch on a thread of its own. A simulation hands in its own, and runs all of the worker
    ///   there.
    public init(
        source: any TaskSource, handlers: HandlerRegistry, configuration: WorkerConfiguration,
        time: any TimeSource = SystemTime(), chance: Chance = .system, executor: (any TaskExecutor)? = nil,
        logger: Logger = Logger(label: "sojourn.worker")
    ) {
        self.source = source
        self.handlers = handlers
        self.configuration = configuration
        self.time = time
        self.chance = chance
        self.logger = logger
        self.attempts = AttemptTasks(executor: executor)
        let unsettledMax = 2 * configuration.concurrency + Limits.claimBatch
        self.slots = SlotPool(capacity: configuration.concurrency, unsettledMax: unsettledMax)
        self.settler = Settler(source: source, time: time, chance: chance, slots: slots, logger: logger)
        self.runner = AttemptRunner(
            handlers: handlers, worker: configuration.name, time: time, logger: logger, slots: slots, settler: settler)
        self.watch = Watch(
            source: source, attempts: attempts, time: time, leaseDuration: configuration.leaseDuration,
            executor: executor, logger: logger)
    }

    /// Attempts that run now.
    public var busy: Int { attempts.count }

    /// Runs up to so many attempts at once from now on; those that run go on.
    public func resize(to concurrency: Int) { slots.resize(to: min(max(1, concurrency), Limits.concurrency)) }

    /// Works until graceful shutdown; then stops claiming, lets running attempts finish for the drain time, hands the
    /// rest back uncounted, and returns when every report is written. Cancelled, it gives attempts no time, and writes
    /// what it still can: tasks whose reports are lost run again when their leases end.
    ///
    /// - Throws: ``BackendError`` where the source fails in a way that no later try can mend.
    public func run() async throws {
        let failure = await withTaskGroup(of: Void.self) { group in
            group.addTask { await watch.run() }
            group.addTask { await settler.run(writers: pipelines) }
            let (failure, stoppedAt) = await claimUntilStopped()
            await drain(since: stoppedAt)
            settler.finish()
            // The watch ends by cancellation, the settler when its last report is written.
            await group.next()
            group.cancelAll()
            return failure
        }
        if let failure { throw failure }
    }

    /// Why it ended, if not because it was told to, and when it was.
    private func claimUntilStopped() async -> (failure: BackendError?, stoppedAt: Timestamp) {
        let stoppedAt = Mutex<Timestamp?>(nil)
        // Graceful shutdown cancels the loop too; a loop that waits for a slot has to be woken for either.
        let failure = await untilShutdown {
            await withTaskCancellationHandler {
                await claimLoops()
            } onCancel: {
                slots.close()
            }
        } after: {
            stoppedAt.withLock { $0 = time.now() }
            slots.close()
            await leave()
        }
        return (failure, stoppedAt.withLock { $0 } ?? time.now())
    }

    /// Lets claims that wait elsewhere return by themselves, so that what they are granted in this instant arrives.
    /// What has not returned then is cancelled. It is asked again because a claim may be on its way there, and then
    /// begins to wait after the first time.
    private func leave() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await time.sleep(for: min(Self.farewell, configuration.drainTime)) }
            group.addTask {
                while (try? await source.leave(configuration.name)) == true {
                    guard (try? await time.sleep(for: .milliseconds(50))) != nil else { return }
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// How many claims may be under way.
    private var pipelines: Int { configuration.concurrency >= Self.pipelinedFrom ? Self.pipelines : 1 }

    private func claimLoops() async -> BackendError? {
        await withTaskGroup(of: BackendError?.self) { group in
            for _ in 0..<pipelines { group.addTask { await claimLoop() } }
            var failure: BackendError?
            // A loop that ends without a failure was told to, as the others are.
            for await case let end? in group {
                failure = failure ?? end
                slots.close()
                group.cancelAll()
            }
            return failure
        }
    }

    /// Claims for free slots until closed. A failing source is asked again, later and later; the loop never just ends.
    private func claimLoop() async -> BackendError? {
        // Short enough that tasks run again within seconds when a source that was away for long is back.
        var backoff = Backoff(cap: .seconds(2), chance: chance)
        while !Task.isCancelled {
            let share = max(1, slots.capacity / pipelines)
            let free = await slots.acquire(upTo: min(share, Limits.claimBatch))
            guard free > 0 else { return nil }
            var used = 0
            do throws(BackendError) {
                let deliveries = try await source.claim(request(limit: free))
                precondition(deliveries.count <= free, "A source handed out more than was asked for.")
                backoff.reset()
                used = deliveries.count
                for delivery in deliveries { start(delivery) }
            } catch {
                guard error.isRetryable else { return error }
                logger.warning("A claim failed", metadata: ["error": "\(error)"])
                try? await time.sleep(for: backoff.next())
            }
            slots.release(free - used)
        }
        return nil
    }

    private func request(limit: Int) -> LeaseRequest {
        LeaseRequest(
            queues: configuration.queues, types: handlers.types, limit: limit, duration: configuration.leaseDuration,
            wait: configuration.claimWait, worker: configuration.name, slots: slots.capacity,
            isLocal: configuration.isLocal)
    }

    private func start(_ delivery: Delivery) {
        let attempt = Attempt(delivery, startedAt: time.now())
        attempts.start(attempt, runner)
        if let timeLimit = attempt.timeLimit { watch.bell.ring(at: timeLimit) }
    }

    private func drain(since stoppedAt: Timestamp) async {
        await attempts.drained(until: stoppedAt.advanced(by: configuration.drainTime), on: time)
        attempts.stopAll(because: .shutdown)
        await attempts.drained(until: time.now().advanced(by: Self.lastGrace), on: time)
        attempts.abandonAll { entry in runner.report(entry.attempt, .interrupted, entry.cause) }
    }
}
