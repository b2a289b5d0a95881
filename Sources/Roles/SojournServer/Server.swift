public import Logging
public import ServiceLifecycle
public import SojournCore
import SojournModel

/// How long things are kept after their end.
public struct RetentionPolicy: Sendable, Hashable {
    /// Succeeded and cancelled tasks.
    public var finished: Duration
    /// Dead letters; nil = until somebody purges them.
    public var dead: Duration?
    /// Idempotency keys, from when they were first used.
    public var keys: Duration

    /// Three days, for ever, and one day, unless said otherwise.
    public init(finished: Duration = .seconds(72 * 3_600), dead: Duration? = nil, keys: Duration = .seconds(86_400)) {
        self.finished = finished
        self.dead = dead
        self.keys = keys
    }

    func cutoffs(at now: Timestamp) -> RetentionCutoffs {
        RetentionCutoffs(
            finished: now.advanced(by: .zero - finished), dead: dead.map { now.advanced(by: .zero - $0) },
            keys: now.advanced(by: .zero - keys))
    }
}

/// How often the duties are done, and how much they do at once.
public struct ServerConfiguration: Sendable {
    /// Longest time between two looks for due tasks.
    public var promoteInterval: Duration
    /// Tasks promoted at once.
    public var promoteBatch: Int
    /// Longest time between two looks for ended leases.
    public var reapInterval: Duration
    /// Leases taken back at once.
    public var reapBatch: Int
    /// Time between two looks for what retention deletes.
    public var retentionInterval: Duration
    /// Rows deleted at once.
    public var retentionBatch: Int
    /// How long things are kept.
    public var retention: RetentionPolicy

    /// The defaults of `docs/configuration.md`; batches are brought within ``Limits/dutyBatch``.
    public init(
        promoteInterval: Duration = .milliseconds(500), promoteBatch: Int = 1_000,
        reapInterval: Duration = .seconds(2), reapBatch: Int = 100, retentionInterval: Duration = .seconds(60),
        retentionBatch: Int = 1_000, retention: RetentionPolicy = RetentionPolicy()
    ) {
        self.promoteInterval = promoteInterval
        self.promoteBatch = min(max(1, promoteBatch), Limits.dutyBatch)
        self.reapInterval = reapInterval
        self.reapBatch = min(max(1, reapBatch), Limits.dutyBatch)
        self.retentionInterval = retentionInterval
        self.retentionBatch = min(max(1, retentionBatch), Limits.dutyBatch)
        self.retention = retention
    }
}

/// The control plane: everything that happens to tasks without a worker or a caller.
public struct Server: Service {
    private let loops: [DutyLoop]
    private let queue: LocalTaskQueue

    /// The duties for `queue`, in one table.
    public init(
        queue: LocalTaskQueue, configuration: ServerConfiguration = ServerConfiguration(),
        logger: Logger = Logger(label: "sojourn.server")
    ) {
        let c = configuration
        let table: [(duty: any Duty, interval: Duration, bell: Bell)] = [
            (Promoter(queue: queue, batch: c.promoteBatch), c.promoteInterval, queue.dueBell),
            (Reaper(queue: queue, batch: c.reapBatch), c.reapInterval, queue.expiryBell),
            (OutboxRelay(queue: queue, batch: c.promoteBatch), min(c.reapInterval, OutboxRelay.pace), Bell()),
            (Retention(queue: queue, batch: c.retentionBatch, keep: c.retention), c.retentionInterval, Bell()),
        ]
        self.queue = queue
        self.loops = table.map {
            DutyLoop(
                duty: $0.duty, interval: $0.interval, bell: $0.bell, time: queue.time, chance: queue.chance,
                logger: logger)
        }
    }

    /// Does its duties until graceful shutdown or cancellation, and keeps the backend's connections alive.
    public func run() async throws {
        try await untilShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for loop in loops { group.addTask { await loop.run() } }
                group.addTask {
                    // To be cancelled is how it ends.
                    do { try await queue.backend.run() } catch is CancellationError where Task.isCancelled {}
                }
                try await group.allOrFirstFailure()
            }
        }
    }
}
