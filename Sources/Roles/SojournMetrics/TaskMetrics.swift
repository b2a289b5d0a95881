public import CoreMetrics
public import SojournCore
public import SojournModel

/// Counts what happens to tasks, and measures how long it takes. Nothing is made per task: instruments are found by the
/// task's own names.
public final class TaskMetrics: TaskObserver {
    private typealias Table<Key: Hashable & Sendable, Instrument: Sendable> = InstrumentTable<Key, Instrument>

    private let enqueued: Table<QueueAndPriority, any CounterHandler>
    private let rejected: Table<QueueAndReason, any CounterHandler>
    private let dequeued: Table<Priority, any CounterHandler>
    private let waits: Table<QueueAndPriority, any TimerHandler>
    private let succeeded: Table<TypeAndPriority, any CounterHandler>
    private let failed: Table<TypeAndPriority, any CounterHandler>
    private let processed: Table<QueueAndStatus, any CounterHandler>
    private let dead: Table<QueueName, any CounterHandler>
    private let runsByQueue: Table<QueueName, any TimerHandler>
    private let runsByType: Table<TaskType, any TimerHandler>
    private let retried: any CounterHandler
    private let reaped: any CounterHandler
    private let acknowledged: any CounterHandler
    private let leaseLost: any CounterHandler

    /// Instruments of `factory`.
    public init(_ factory: any MetricsFactory) {
        enqueued = Table { factory.makeCounter(label: "tasks_enqueued_total", dimensions: $0.labels) }
        rejected = Table { factory.makeCounter(label: "tasks_rejected_total", dimensions: $0.labels) }
        dequeued = Table {
            factory.makeCounter(label: "tasks_dequeued_total", dimensions: [("priority", $0.name)])
        }
        waits = Table { factory.makeTimer(label: "enqueue_to_start_seconds", dimensions: $0.labels) }
        succeeded = Table { factory.makeCounter(label: "tasks_succeeded_total", dimensions: $0.labels) }
        failed = Table { factory.makeCounter(label: "tasks_failed_total", dimensions: $0.labels) }
        processed = Table { factory.makeCounter(label: "sla_jobs_processed_total", dimensions: $0.labels) }
        dead = Table { factory.makeCounter(label: "tasks_dead_total", dimensions: [("queue", $0.rawValue)]) }
        runsByQueue = Table {
            factory.makeTimer(label: "sla_job_duration_seconds", dimensions: [("queue", $0.rawValue)])
        }
        runsByType = Table { factory.makeTimer(label: "task_run_seconds", dimensions: [("type", $0.rawValue)]) }
        retried = factory.makeCounter(label: "tasks_retried_total", dimensions: [])
        reaped = factory.makeCounter(label: "tasks_reaped_total", dimensions: [])
        acknowledged = factory.makeCounter(label: "acks_total", dimensions: [])
        leaseLost = factory.makeCounter(label: "tasks_lease_lost_total", dimensions: [])
    }

    /// Counts those that were new.
    public func inserted(_ tasks: [NewTask], _ results: [InsertResult]) {
        var counters = Remembered(enqueued)
        for (task, result) in zip(tasks, results) {
            guard case .inserted = result else { continue }
            counters[QueueAndPriority(task.message)].increment(by: 1)
        }
    }

    /// Counts those that the store did not take. Those that its queue has no room for are told by ``MetricsSampler``:
    /// the control plane may yet find that they were known.
    public func refused(_ tasks: [NewTask], _ error: BackendError) {
        guard error.code != .throttled else { return }
        var counters = Remembered(rejected)
        for task in tasks {
            counters[QueueAndReason(queue: task.message.queue, reason: error.code.rawValue)].increment(by: 1)
        }
    }

    /// Counts them, and how long they waited.
    public func claimed(_ deliveries: [Delivery], at now: Timestamp) {
        var counters = Remembered(dequeued)
        var timers = Remembered(waits)
        for message in deliveries.lazy.map(\.message) {
            counters[message.priority].increment(by: 1)
            let wait = max(.zero, now.duration(since: message.availableAt))
            timers[QueueAndPriority(message)].recordNanoseconds(wait.wholeNanoseconds)
        }
    }

    /// Counts them as dead letters.
    public func expired(_ arrivals: [Arrival]) {
        for arrival in arrivals { dead[arrival.queue].increment(by: 1) }
    }

    /// Counts what took effect by what became of it, and how long handlers ran.
    public func ended(_ results: [AttemptResult], _ statuses: [SettlementStatus]) {
        var endings = Remembered(processed)
        var retries: Int64 = 0
        for (result, status) in zip(results, statuses) where status == .settled {
            let queue = result.report.delivery.message.queue
            endings[QueueAndStatus(queue: queue, status: Ending(result))].increment(by: 1)
            if result.verdict.status == .retrying { retries += 1 }
            if result.verdict.status == .dead { dead[queue].increment(by: 1) }
        }
        if retries > 0 { retried.increment(by: retries) }
        reported(results.lazy.map(\.report), statuses)
    }

    /// Counts reports that took effect by their outcome, and how long handlers ran.
    func reported(_ reports: some Sequence<AttemptReport>, _ statuses: [SettlementStatus]) {
        var successes = Remembered(succeeded)
        var timers = (queues: Remembered(runsByQueue), types: Remembered(runsByType))
        var counts = (settled: Int64(0), lost: Int64(0), reaped: Int64(0))
        for (report, status) in zip(reports, statuses) {
            let message = report.delivery.message
            guard status == .settled else {
                // A lease that was extended while it was about to be taken back is no lost report.
                if report.outcome != .leaseExpired { counts.lost += 1 }
                continue
            }
            counts.settled += 1
            let kind = TypeAndPriority(type: message.type, priority: message.priority)
            switch report.outcome {
            case .succeeded: successes[kind].increment(by: 1)
            case .failed, .discarded, .leaseExpired: failed[kind].increment(by: 1)
            case .snoozed, .cancelled, .interrupted, .breakerOpen: break
            }
            if report.outcome == .leaseExpired {
                counts.reaped += 1
                continue
            }
            let run = max(.zero, report.finishedAt.duration(since: report.startedAt)).wholeNanoseconds
            timers.queues[message.queue].recordNanoseconds(run)
            timers.types[message.type].recordNanoseconds(run)
        }
        if counts.settled > 0 { acknowledged.increment(by: counts.settled) }
        if counts.lost > 0 { leaseLost.increment(by: counts.lost) }
        if counts.reaped > 0 { reaped.increment(by: counts.reaped) }
    }
}
