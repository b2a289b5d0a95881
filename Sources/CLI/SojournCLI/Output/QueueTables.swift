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
        listing.add("utilization", insight.utilization.map { Words.share($0) })
        listing.add("max depth", insight.maxDepth.map { Words.fixed($0, 1) })
        listing.add("predicted wait", insight.predictedWait.map { Words.duration($0) })
        listing.add("workers", insight.workers == nil ? nil : workers(insight))
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
