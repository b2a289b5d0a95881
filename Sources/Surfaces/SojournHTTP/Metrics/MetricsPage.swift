#if HTTP
import SojournCore
import SojournModel
import SojournWire

/// `/metrics`: the Prometheus text format, version 0.0.4.
struct MetricsPage: Sendable {
    private let sampler: DepthSampler
    private let counters: EnqueueCounters
    private let promised: [QueueName]
    private let insight: @Sendable (QueueName) -> QueueInsight?
    private let more: @Sendable () -> String

    init(queue: LocalTaskQueue, configuration: HTTPServerConfiguration, counters: EnqueueCounters) {
        sampler = DepthSampler(queue: queue, interval: configuration.metricsInterval)
        self.counters = counters
        promised = configuration.promises.keys.sorted()
        insight = configuration.insight
        more = configuration.moreMetrics
    }

    func text() async throws(BackendError) -> String {
        let depths = try await sampler.depths()
        var text = PrometheusText()
        text.family("sla_queue_depth", "gauge", "Tasks that wait for a worker.")
        for (queue, count) in Self.sums(depths, by: \.queue, of: [.queued]).sorted(by: { $0.key < $1.key }) {
            text.sample("sla_queue_depth", [("queue", queue.rawValue)], count)
        }
        perPriority("queue_depth", "Tasks that wait for a worker.", .queued, depths, &text)
        perPriority("retry_set_depth", "Tasks that wait for another attempt.", .retrying, depths, &text)
        perPriority("dlq_depth", "Dead letters.", .dead, depths, &text)
        text.family("processing_inflight", "gauge", "Tasks that are leased to workers.")
        text.sample("processing_inflight", [], depths.reduce(0) { $0 &+ ($1.counts[.running] ?? 0) })
        text.family("tasks_enqueued_total", "counter", "Tasks that came in through this server.")
        for (key, count) in counters.all.sorted(by: { $0.key < $1.key }) {
            let labels = [("queue", key.queue.rawValue), ("priority", key.priority.name)]
            text.sample("tasks_enqueued_total", labels, count)
        }
        promises(&text)
        return text.text + more()
    }

    /// How the promises stand, for each queue that makes one.
    private func promises(_ text: inout PrometheusText) {
        let insights = promised.compactMap { queue in insight(queue).map { (queue, $0) } }
        typealias Reading = (QueueInsight) -> Double?
        let families: [(name: String, type: String, help: String, value: Reading)] = [
            ("sla_max_depth", "gauge", "L, tasks that come within the longest wait.", \.maxDepth),
            (
                "sla_predicted_wait_seconds", "gauge", "Bound on the wait of a task that comes now.",
                { $0.predictedWait?.inSeconds }
            ),
            ("sla_attainment_ratio", "gauge", "Share of tasks that started in time.", \.attainment),
            ("sla_breaches_total", "counter", "Tasks that started late.", { $0.breaches.map(Double.init) }),
            ("sla_error_budget_used_ratio", "gauge", "Lateness used up of what is allowed.", \.errorBudgetUsed),
            ("sla_quotes_held_ratio", "gauge", "Share of quoted waits that held; 0.95 is right.", \.quotesHeld),
            ("sla_workers", "gauge", "Workers that serve the queue.", { $0.workers.map(Double.init) }),
            ("sla_desired_workers", "gauge", "Workers that it should have.", { $0.desiredWorkers.map(Double.init) }),
            (
                "sla_littles_law_gap_ratio", "gauge", "Depth against waits (T0); 0 unless tasks leak.",
                { $0.audit?.relativeGap }
            ),
        ]
        for family in families {
            text.family(family.name, family.type, family.help)
            for (queue, insight) in insights {
                guard let value = family.value(insight) else { continue }
                text.sample(family.name, [("queue", queue.rawValue)], value)
            }
        }
        text.family("tasks_rejected_total", "counter", "Tasks that were refused.")
        for (queue, insight) in insights {
            let labels = [("queue", queue.rawValue), ("reason", "sla")]
            text.sample("tasks_rejected_total", labels, insight.refusals ?? 0)
        }
    }

    private func perPriority(
        _ name: String, _ help: String, _ status: TaskStatus, _ depths: [QueueDepth], _ text: inout PrometheusText
    ) {
        let sums = Self.sums(depths, by: \.priority, of: [status])
        text.family(name, "gauge", help)
        for priority in Priority.allCases {
            text.sample(name, [("priority", priority.name)], sums[priority] ?? 0)
        }
    }

    private static func sums<Key: Hashable>(
        _ depths: [QueueDepth], by key: KeyPath<QueueDepth, Key>, of statuses: [TaskStatus]
    ) -> [Key: Int] {
        depths.reduce(into: [:]) { sums, depth in
            sums[depth[keyPath: key], default: 0] &+= statuses.reduce(0) { $0 &+ (depth.counts[$1] ?? 0) }
        }
    }
}

/// Writes the Prometheus text format.
struct PrometheusText {
    private(set) var text = ""

    /// Begins a family of samples.
    mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    /// One sample of the family.
    mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: Int) {
        sample(name, labels, written: "\(value)")
    }

    /// One sample of the family.
    mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: Double) {
        sample(
            name, labels, written: value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "+Inf" : "-Inf") : "\(value)")
    }

    private mutating func sample(_ name: String, _ labels: [(name: String, value: String)], written value: String) {
        let list = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}
#endif
