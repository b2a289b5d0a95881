import SojournModel

/// What there is to measure: the one table that the instruments, `docs/metrics.md` and the help texts are made from.
public enum MetricCatalog {
    /// How a metric behaves.
    public enum Kind: String, Sendable {
        /// Only grows.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts values by size.
        case histogram
    }

    /// One metric.
    public struct Metric: Sendable {
        /// Its name.
        public let name: String
        /// How it behaves.
        public let kind: Kind
        /// The names of its labels.
        public let labels: [String]
        /// What it means, in one sentence.
        public let help: String
        /// The upper bounds of a histogram's buckets, in seconds; else empty.
        public fileprivate(set) var buckets: [Double]

        init(_ name: String, _ kind: Kind, _ labels: [String] = [], _ help: String, buckets: [Double] = []) {
            self.name = name
            self.kind = kind
            self.labels = labels
            self.help = help
            self.buckets = buckets
        }
    }

    /// All of them, as they are listed.
    public static let all = tasks + durations + depths + promises + upkeep

    /// The same for a server with promises: waits have a bound at each of the first twenty limits, because a percentile
    /// that is estimated between 10 and 30 s tells nothing about a promise of 20.
    public static func all(promised limits: [Duration]) -> [Metric] {
        let bounds = Set(limits.map(\.inSeconds)).sorted().prefix(20)
        return all.map { metric in
            guard metric.name == "enqueue_to_start_seconds" else { return metric }
            var metric = metric
            metric.buckets = Set(metric.buckets + bounds).sorted()
            return metric
        }
    }

    private static let runs = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90, 120, 180, 300, 600, 1_800, 3_600,
    ]
    private static let waits = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3_600,
    ]

    private static let tasks = [
        Metric("tasks_enqueued_total", .counter, ["queue", "priority"], "Tasks that were accepted."),
        Metric("tasks_rejected_total", .counter, ["queue", "reason"], "Tasks that were not accepted."),
        Metric("tasks_dequeued_total", .counter, ["priority"], "Tasks that were handed to workers."),
        Metric("tasks_succeeded_total", .counter, ["type", "priority"], "Attempts that succeeded."),
        Metric("tasks_failed_total", .counter, ["type", "priority"], "Attempts that failed."),
        Metric("tasks_retried_total", .counter, "Attempts that failed and will be followed by another."),
        Metric("tasks_dead_total", .counter, ["queue"], "Tasks that became dead letters."),
        Metric("tasks_reaped_total", .counter, "Leases that ran out and were taken back."),
        Metric("tasks_lease_lost_total", .counter, "Reports that changed nothing, because the lease had ended."),
        Metric("acks_total", .counter, "Reports that took effect."),
        Metric(
            "sla_jobs_processed_total", .counter, ["queue", "status"], "Attempts that ended, by what became of it."),
    ]

    private static let durations = [
        Metric(
            "enqueue_to_start_seconds", .histogram, ["queue", "priority"],
            "From the instant a task may start until a worker has it.", buckets: waits),
        Metric("sla_job_duration_seconds", .histogram, ["queue"], "How long attempts ran, by queue.", buckets: runs),
        Metric("task_run_seconds", .histogram, ["type"], "How long attempts ran, by type.", buckets: runs),
    ]

    private static let depths = [
        Metric("sla_queue_depth", .gauge, ["queue"], "Tasks that wait for a worker, by queue."),
        Metric("queue_depth", .gauge, ["priority"], "Tasks that wait for a worker, by priority."),
        Metric("retry_set_depth", .gauge, ["priority"], "Tasks that wait for another attempt."),
        Metric("dlq_depth", .gauge, ["priority"], "Dead letters, by priority."),
        Metric("queue_dead_letters", .gauge, ["queue"], "Dead letters, by queue."),
        Metric("processing_inflight", .gauge, "Tasks that workers have."),
        Metric("queue_oldest_wait_seconds", .gauge, ["queue"], "How long the oldest waiting task has waited."),
        Metric("queue_paused", .gauge, ["queue"], "1 while nobody is handed the queue's tasks."),
        Metric(
            "oldest_expired_lease_seconds", .gauge,
            "How long ago the oldest lease ran out that nobody has taken back."),
    ]

    private static let promises = [
        Metric("sla_limit_seconds", .gauge, ["queue"], "W, the longest wait that is promised."),
        Metric("sla_target_ratio", .gauge, ["queue"], "Share of the tasks for which it is promised."),
        Metric("sla_arrival_rate_limit", .gauge, ["queue"], "λ, tasks per second that the contract allows for."),
        Metric("sla_arrival_rate", .gauge, ["queue"], "λ, tasks per second, measured."),
        Metric("sla_max_depth", .gauge, ["queue"], "L, tasks that come within the longest wait."),
        Metric("sla_utilization_ratio", .gauge, ["queue"], "ρ, share of the time in which workers are busy."),
        Metric("sla_predicted_wait_seconds", .gauge, ["queue"], "Bound on the wait of a task that comes now."),
        Metric("sla_starts_total", .counter, ["queue"], "Tasks with a promise that started, or died in the line."),
        Metric("sla_breaches_total", .counter, ["queue"], "Tasks with a promise that started late, or never."),
        Metric(
            "sla_attainment_ratio", .gauge, ["queue"],
            "Share of tasks that started in time, since the server started."),
        Metric("sla_error_budget_used_ratio", .gauge, ["queue"], "Lateness used up of what is allowed in three days."),
        Metric(
            "sla_quotes_held_ratio", .gauge, ["queue"], "Share of quoted waits that held, from 100 on; 0.95 is right."),
        Metric("sla_workers", .gauge, ["queue"], "Workers that serve the queue."),
        Metric("sla_desired_workers", .gauge, ["queue"], "Workers that it should have."),
        Metric(
            "sla_littles_law_gap_ratio", .gauge, ["queue"],
            "Depth against waits in the last minute (T0); 0 unless tasks leak."),
    ]

    private static let upkeep = [
        Metric("sampler_last_success_timestamp_seconds", .gauge, "When the gauges were taken, in seconds since 1970."),
        Metric("sojourn_build_info", .gauge, ["version"], "Always 1."),
        Metric("process_cpu_seconds_total", .counter, "Processor time, user and system."),
        Metric("process_start_time_seconds", .gauge, "When the process started, in seconds since 1970."),
        Metric("process_resident_memory_bytes", .gauge, "Memory in use, on Linux."),
        Metric("process_open_fds", .gauge, "Open files and connections, on Linux."),
    ]
}

extension MetricCatalog.Metric {
    fileprivate init(_ name: String, _ kind: MetricCatalog.Kind, _ help: String) { self.init(name, kind, [], help) }
}
