import SojournModel
import SojournWire

/// Everything about one queue.
enum DetailsPage {
    static func lines(_ state: MonitorState) -> [Line] {
        guard let queue = state.focus else { return [Line(), Line("  this queue is gone", .quiet)] }
        let columns = state.size.columns
        var lines = head(queue, columns)
        for chart in ChartLines.rows(queue, columns: columns, height: state.size.rows >= 34 ? 6 : 4) {
            lines += [Line()] + chart
        }
        lines += figures(queue, columns)
        lines += priorities(queue, columns)
        lines += decisions(queue, state)
        if state.isStale { for index in lines.indices { lines[index].restyle { $0 = .quiet } } }
        return lines
    }

    private static func head(_ queue: MonitorState.Queue, _ columns: Int) -> [Line] {
        let standing = queue.verdict.standing
        var title = Line(queue.view.name.rawValue, .bold)
        title.put(" \(standing.symbol) \(standing.word)", standing.style)
        return [Line.rule(title, columns: columns)]
            + ReasonLines.labelled("why", queue.verdict.why, columns: columns)
            + ReasonLines.labelled("do", queue.verdict.advice, columns: columns)
    }

    // MARK: Figures

    private static func figures(_ queue: MonitorState.Queue, _ columns: Int) -> [Line] {
        let entries = promise(queue.facts) + traffic(queue.facts)
        let across = columns >= 120 ? 3 : columns >= 64 ? 2 : 1
        let width = columns / across
        let height = (entries.count + across - 1) / across
        let lines = (0..<height).map { row in
            var line = Line()
            for column in 0..<across {
                let index = column * height + row
                guard index < entries.count else { continue }
                line.skip(to: column * width)
                line.put(entries[index].0, .quiet, in: 16)
                line.put(entries[index].1, .plain, in: max(1, width - 17))
            }
            return line
        }
        guard let audit = queue.view.insight.audit else { return [Line()] + lines }
        return [Line()] + lines + ReasonLines.labelled("audit", audit.diagnosis, columns: columns)
    }

    private static func promise(_ facts: QueueFacts) -> [(String, String)] {
        let insight = facts.insight
        let promised = facts.promise.map {
            "\(Numerals.configured($0.limit)) for \(Numerals.fixed($0.percentile, 1)) %"
        }
        let late = insight.breaches.map { " (\(Numerals.count($0)) of \(Numerals.count(insight.starts)) late)" } ?? ""
        let burns = insight.burnRates.map { "\(Numerals.fixed($0.rate, 1)) in \(Numerals.configured($0.window))" }
        return [
            ("promise", promised ?? Numerals.none),
            ("in time", Numerals.share(insight.attainment) + late),
            ("budget used", Numerals.share(facts.budgetUsed)),
            ("burn rate", burns.isEmpty ? Numerals.none : burns.joined(separator: ", ")),
            ("oldest wait", Numerals.duration(facts.view.oldestWait)),
            ("predicted wait", Numerals.duration(insight.predictedWait)),
            ("p99 wait", Numerals.duration(insight.actualWait)),
            ("quoted wait", Numerals.duration(insight.quotedWait)),
            ("quotes held", Numerals.share(insight.quotesHeld)),
            ("refused", Numerals.count(insight.refusals)),
        ]
    }

    private static func traffic(_ facts: QueueFacts) -> [(String, String)] {
        let insight = facts.insight
        let workers = insight.workers.map { workers in
            insight.desiredWorkers.map { $0 == workers ? "\(workers)" : "\(workers) → \($0)" } ?? "\(workers)"
        }
        return [
            ("arrivals", facts.rates),
            ("service time", Numerals.duration(insight.serviceTime)),
            ("variation", insight.serviceVariation.map { Numerals.fixed($0, 2) } ?? Numerals.none),
            ("attempts/task", insight.retryAmplification.map { Numerals.fixed($0, 2) } ?? Numerals.none),
            ("busy", Numerals.share(insight.utilization)),
            ("workers", workers ?? Numerals.none),
            ("slots", Numerals.count(insight.slots)),
            ("start-up", Numerals.duration(insight.startup)),
            ("dead letters", Numerals.count(facts.count(.dead))),
        ]
    }

    private static func priorities(_ queue: MonitorState.Queue, _ columns: Int) -> [Line] {
        let shown: [(TaskStatus, String)] = [
            (.queued, "WAITING"), (.running, "RUNNING"), (.scheduled, "SCHEDULED"), (.retrying, "RETRYING"),
            (.dead, "DEAD"),
        ]
        let fitting = shown.prefix(max(1, (columns - 9) / 11))
        var heading = Line()
        heading.put("PRIORITY", Style(.grey, .bold), in: 9)
        for (_, title) in fitting { heading.put(title, Style(.grey, .bold), in: 11, right: true) }
        return [Line(), heading]
            + Priority.allCases.map { priority in
                var line = Line()
                line.put(priority.name, .plain, in: 9)
                for (status, _) in fitting {
                    let count = queue.view.depth[priority]?[status] ?? 0
                    line.put(Numerals.count(count), count == 0 ? .quiet : .plain, in: 11, right: true)
                }
                return line
            }
    }

    private static func decisions(_ queue: MonitorState.Queue, _ state: MonitorState) -> [Line] {
        let own = state.decisions.filter { $0.queue == queue.view.name }
        guard !own.isEmpty else { return [] }
        return [Line(), Line.rule(Line("scaling decisions"), columns: state.size.columns)]
            + own.map { DecisionLines.line($0, state, name: 0) }
    }
}
