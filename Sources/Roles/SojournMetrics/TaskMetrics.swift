public import CoreMetrics
public import SojournCore
public import SojournModel

/// Counts what happens to tasks, and measures how long it takes. Nothing is made per task: instruments are found by the
/// task's own names, and neighbours in a batch that have them in common are counted together.
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
        var counts = Tally(enqueued)
        for (task, result) in zip(tasks, results) {
            if case .inserted = result { counts.add(QueueAndPriority(task.message)) }
        }
        counts.close()
    }

    /// Counts those that the store did not take. Those that its queue has no room for are told by ``MetricsSampler``:
    /// the control plane may yet find that they were known.
    public func refused(_ tasks: [NewTask], _ error: BackendError) {
        guard error.code != .throttled else { return }
        var counts = Tally(rejected)
        for task in tasks { counts.add(QueueAndReason(queue: task.message.queue, reason: error.code.rawValue)) }
        counts.close()
    }

    /// Counts them, and how long they waited.
    public func claimed(_ deliveries: [Delivery], at now: Timestamp) {
        var counts = Tally(dequeued)
        var timers = Remembered(waits)
        for message in deliveries.lazy.map(\.message) {
            counts.add(message.priority)
            timers[QueueAndPriority(message)].recordNanoseconds(now.nanoseconds(since: message.availableAt))
        }
        counts.close()
    }

    /// Counts them as dead letters.
    public func expired(_ arrivals: [Arrival]) {
        var counts = Tally(dead)
        for arrival in arrivals { counts.add(arrival.queue) }
        counts.close()
    }

    /// Counts what took effect by what became of it, and how long handlers ran.
    public func ended(_ results: [AttemptResult], _ statuses: [SettlementStatus]) {
        var endings = Tally(processed)
        var deaths = Tally(dead)
        var retries: Int64 = 0
        for (result, status) in zip(results, statuses) where status == .settled {
            let queue = result.report.delivery.message.queue
            endings.add(QueueAndStatus(queue: queue, status: Ending(result)))
            if result.verdict.status == .retrying { retries += 1 }
            if result.verdict.status == .dead { deaths.add(queue) }
        }
        endings.close()
        deaths.close()
        if retries > 0 { retried.increment(by: retries) }
        reported(results.lazy.map(\.report), statuses)
    }

    /// Counts reports that took effect by their outcome, and how long handlers ran.
    func reported(_ reports: some Sequence<AttemptReport>, _ statuses: [SettlementStatus]) {
        var (successes, failures) = (Tally(succeeded), Tally(failed))
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
            case .succeeded: successes.add(kind)
            case .failed, .discarded, .leaseExpired: failures.add(kind)
            case .snoozed, .cancelled, .interrupted, .breakerOpen: break
            }
            if report.outcome == .leaseExpired {
                counts.reaped += 1
                continue
            }
            let run = report.finishedAt.nanoseconds(since: report.startedAt)
            timers.queues[message.queue].recordNanoseconds(run)
            timers.types[message.type].recordNanoseconds(run)
        }
        successes.close()
        failures.close()
        if counts.settled > 0 { acknowledged.increment(by: counts.settled) }
        if counts.lost > 0 { leaseLost.increment(by: counts.lost) }
        if counts.reaped > 0 { reaped.increment(by: counts.reaped) }
    }
}
