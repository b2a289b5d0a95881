import CoreMetrics
import SojournModel
import SojournWire

/// What is shown of one queue.
struct QueueGauges {
    private var gauges: Gauges
    private var counters: (refusals: Follower, starts: Follower, breaches: Follower)?
    private let labels: [(String, String)]
    private let factory: any MetricsFactory

    init(_ queue: QueueName, _ factory: any MetricsFactory) {
        labels = [("queue", queue.rawValue)]
        self.factory = factory
        gauges = Gauges(labels, factory)
    }

    mutating func show(_ view: QueueView) {
        gauges.show("sla_queue_depth", view.waiting)
        gauges.show("queue_dead_letters", view.depth.values.reduce(0) { $0 + ($1[.dead] ?? 0) })
        gauges.show("queue_oldest_wait_seconds", view.oldestWait?.inSeconds ?? 0)
        gauges.show("queue_paused", view.isPaused ? 1 : 0)
        gauges.show("sla_workers", view.insight.workers)
        gauges.show("sla_arrival_rate", view.insight.arrivalRate)
        gauges.show("sla_utilization_ratio", view.insight.utilization)
        if let promise = view.promise { show(promise, view.insight) }
    }

    private mutating func show(_ promise: QueuePromise, _ insight: QueueInsight) {
        gauges.show("sla_limit_seconds", promise.limit.inSeconds)
        gauges.show("sla_target_ratio", promise.percentile / 100)
        gauges.show("sla_arrival_rate_limit", promise.arrivalRate)
        gauges.show("sla_max_depth", insight.maxDepth)
        // Without a slot nothing starts, however long one waits.
        gauges.show("sla_predicted_wait_seconds", insight.predictedWait?.inSeconds ?? .infinity)
        gauges.show("sla_attainment_ratio", insight.attainment)
        gauges.show("sla_error_budget_used_ratio", insight.errorBudgetUsed)
        gauges.show("sla_quotes_held_ratio", insight.quotesHeld)
        gauges.show("sla_desired_workers", insight.desiredWorkers)
        gauges.show("sla_littles_law_gap_ratio", insight.audit?.relativeGap)
        if counters == nil {
            counters = (
                Follower("tasks_rejected_total", labels + [("reason", "sla")], factory),
                Follower("sla_starts_total", labels, factory), Follower("sla_breaches_total", labels, factory)
            )
        }
        counters?.refusals.follow(insight.refusals ?? 0)
        counters?.starts.follow(insight.starts ?? 0)
        counters?.breaches.follow(insight.breaches ?? 0)
    }

    /// Shows the queue no more; what was counted stays.
    mutating func remove() { gauges.removeAll() }
}
