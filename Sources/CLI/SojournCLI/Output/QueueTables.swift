import SojournModel
import SojournWire

/// Queues for people.
enum QueueTables {
    /// Queues, one per line.
    static func list(_ queues: [QueueView]) -> String {
        var table = Table([
            ("QUEUE", .left), ("WAITING", .right), ("RUNNING", .right), ("SCHEDULED", .right), ("RETRYING", .right),
            ("DEAD", .right), ("OLDEST", .right), ("SLA", .right), ("IN TIME", .right), ("WORKERS", .right),
            ("STATE", .left),
        ])
        for queue in queues {
            let counts = queue.depth.values.reduce(into: [TaskStatus: Int]()) { $0.merge($1, uniquingKeysWith: +) }
            let numbers = [.queued, .running, .scheduled, .retrying, .dead].map { (status: TaskStatus) in
                String(counts[status] ?? 0)
            }
            let insight = queue.insight
            table.add(
                ["\(queue.name)"] + numbers + [
                    Words.duration(queue.oldestWait), Words.duration(queue.promise?.limit),
                    Words.share(insight.attainment), workers(insight), queue.isPaused ? "paused" : "",
                ])
        }
        return table.text
    }

    /// How the promises stand, one queue per line; nothing where no queue promises anything.
    static func promises(_ queues: [QueueView]) -> String {
        let promised = queues.filter { $0.promise != nil }
        guard !promised.isEmpty else { return "" }
        var table = Table([
            ("PROMISE", .left), ("W", .right), ("λ/s", .right), ("BUSY", .right), ("DEPTH", .right), ("OF L", .right),
            ("PREDICTED", .right), ("P99 WAIT", .right), ("IN TIME", .right), ("REFUSED", .right), ("BUDGET", .right),
            ("WORKERS", .right), ("AUDIT", .left),
        ])
        for queue in promised {
            let insight = queue.insight
            table.add([
                "\(queue.name)", Words.duration(queue.promise?.limit),
                insight.arrivalRate.map { Words.fixed($0, 1) } ?? Words.none, Words.share(insight.utilization),
                String(queue.waiting), insight.maxDepth.map { Words.fixed($0, 0) } ?? Words.none,
                Words.duration(insight.predictedWait), Words.duration(insight.actualWait),
                Words.share(insight.attainment), Words.count(insight.refusals), Words.share(insight.errorBudgetUsed),
                workers(insight), insight.audit?.diagnosis ?? Words.none,
            ])
        }
        return "\n\n" + table.text
    }

    /// Everything about one queue.
    static func whole(_ queue: QueueView) -> String {
        let insight = queue.insight
        var listing = Listing()
        listing.add("queue", "\(queue.name)\(queue.isPaused ? " (paused)" : "")")
        listing.add("oldest wait", queue.oldestWait.map { Words.duration($0) })
        listing.add("sla", queue.promise.map { "\(Words.duration($0.limit)) for \(Words.fixed($0.percentile, 1)) %" })
        listing.add("in time", insight.attainment.map { Words.share($0) })
        listing.add("breaches", insight.breaches.map(String.init))
        listing.add("arrivals", insight.arrivalRate.map { "\(Words.fixed($0, 2)) per second" })
        listing.add("service time", insight.serviceTime.map { Words.duration($0) })
        listing.add("attempts", insight.retryAmplification.map { "\(Words.fixed($0, 2)) per task" })
        listing.add("utilization", insight.utilization.map { Words.share($0) })
        listing.add("max depth", insight.maxDepth.map { Words.fixed($0, 1) })
        listing.add("predicted wait", insight.predictedWait.map { Words.duration($0) })
        listing.add("actual wait", insight.actualWait.map { "\(Words.duration($0)) for 99 %" })
        listing.add("quotes held", insight.quotesHeld.map { Words.share($0) })
        listing.add("refused", insight.refusals.map(String.init))
        listing.add("budget used", insight.errorBudgetUsed.map { Words.share($0) })
        listing.add("burn rate", burnRates(insight))
        listing.add("workers", insight.workers == nil ? nil : workers(insight))
        listing.add("slots", insight.slots.map(String.init))
        listing.add("start-up", insight.startup.map { Words.duration($0) })
        listing.add("audit", insight.audit.map { "\($0.diagnosis) (gap \(Words.fixed($0.gap, 3)) task-seconds)" })
        return "\(listing.text)\n\n\(byPriority(queue))\(decisions([queue]))"
    }

    /// The latest scaling decisions of queues, each on a line of its own after an empty one; nothing where there are
    /// none.
    static func decisions(_ queues: [QueueView]) -> String {
        let lines = queues.flatMap { queue in
            queue.insight.decisions.prefix(5).map { decision in
                "\(Words.instant(decision.at) ?? "")  \(queue.name)  \(decision.from) → \(decision.to) workers: "
                    + Visible.line(decision.reason)
            }
        }
        return lines.isEmpty ? "" : "\n\n" + lines.joined(separator: "\n")
    }

    private static func burnRates(_ insight: QueueInsight) -> String? {
        guard !insight.burnRates.isEmpty else { return nil }
        return insight.burnRates.map { "\(Words.fixed($0.rate, 2)) over \(Words.duration($0.window))" }
            .joined(separator: ", ")
    }

    private static func byPriority(_ queue: QueueView) -> String {
        let shown = TaskStatus.allCases
        var table = Table([("PRIORITY", .left)] + shown.map { ($0.rawValue.uppercased(), .right) })
        for priority in Priority.allCases {
            table.add([priority.name] + shown.map { String(queue.depth[priority]?[$0] ?? 0) })
        }
        return table.text
    }

    private static func workers(_ insight: QueueInsight) -> String {
        guard let workers = insight.workers else { return Words.none }
        guard let desired = insight.desiredWorkers, desired != workers else { return "\(workers)" }
        return "\(workers) → \(desired)"
    }
}
