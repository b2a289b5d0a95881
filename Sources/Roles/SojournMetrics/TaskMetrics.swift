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

    // Everything below is read where it lies in the batch: a copy of a message or of a report costs more than all that
    // is counted of it, and a loop over the elements makes one.

    /// Counts those that were new.
    public func inserted(_ tasks: [NewTask], _ results: [InsertResult]) {
        var counts = Tally(enqueued)
        for place in 0..<min(tasks.count, results.count) {
            if case .inserted = results[place] {
                counts.add(
                    QueueAndPriority(queue: tasks[place].message.queue, priority: tasks[place].message.priority))
            }
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
        var timers = Timers(waits)
        for place in deliveries.indices {
            let priority = deliveries[place].message.priority
            counts.add(priority)
            timers.record(
                now.nanoseconds(since: deliveries[place].message.availableAt),
                for: QueueAndPriority(queue: deliveries[place].message.queue, priority: priority))
        }
        counts.close()
    }

    /// Counts them as dead letters.
    public func expired(_ messages: [TaskMessage]) {
        var counts = Tally(dead)
        for message in messages { counts.add(message.queue) }
        counts.close()
    }

    /// Counts what took effect by what became of it, and how long handlers ran.
    public func ended(_ results: [AttemptResult], _ statuses: [SettlementStatus]) {
        var endings = Tally(processed)
        var deaths = Tally(dead)
        var retries: Int64 = 0
        for place in 0..<min(results.count, statuses.count) where statuses[place] == .settled {
            let status = results[place].verdict.status
            endings.add(QueueAndStatus(queue: results[place].queue, status: Ending(status)))
            if status == .retrying { retries += 1 }
            if status == .dead { deaths.add(results[place].queue) }
        }
        endings.close()
        deaths.close()
        if retries > 0 { retried.increment(by: retries) }
        reported(results, statuses)
    }

    /// Counts reports that took effect by their outcome, and how long handlers ran.
    func reported(_ attempts: [some MeasuredAttempt], _ statuses: [SettlementStatus]) {
        var (successes, failures) = (Tally(succeeded), Tally(failed))
        var timers = (queues: Timers(runsByQueue), types: Timers(runsByType))
        var counts = (settled: Int64(0), lost: Int64(0), reaped: Int64(0))
        for place in 0..<min(attempts.count, statuses.count) {
            let result = attempts[place].measuredOutcome
            guard statuses[place] == .settled else {
                // A lease that was extended while it was about to be taken back is no lost report.
                if result != .reaped { counts.lost += 1 }
                continue
            }
            counts.settled += 1
            switch result {
            case .succeeded: successes.add(attempts[place].typeAndPriority)
            case .failed, .reaped: failures.add(attempts[place].typeAndPriority)
            case .neither: break
            }
            if result == .reaped {
                counts.reaped += 1
                continue
            }
            let run = attempts[place].runNanoseconds
            timers.queues.record(run, for: attempts[place].queue)
            timers.types.record(run, for: attempts[place].type)
        }
        successes.close()
        failures.close()
        if counts.settled > 0 { acknowledged.increment(by: counts.settled) }
        if counts.lost > 0 { leaseLost.increment(by: counts.lost) }
        if counts.reaped > 0 { reaped.increment(by: counts.reaped) }
    }
}
