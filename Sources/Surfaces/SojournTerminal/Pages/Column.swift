import SojournModel
import SojournWire

/// A column of the list of queues.
struct Column: Sendable {
    let title: String
    let width: Int
    var isRight = true
    /// What stands in it for a queue.
    let cell: @Sendable (MonitorState.Queue, Int) -> Line

    init(
        _ title: String, _ width: Int, right: Bool = true, _ cell: @escaping @Sendable (MonitorState.Queue, Int) -> Line
    ) {
        self.title = title
        self.width = width
        isRight = right
        self.cell = cell
    }

    /// A column of text.
    init(_ title: String, _ width: Int, text: @escaping @Sendable (QueueFacts) -> (String, Style)) {
        self.init(title, width) { queue, columns in
            let (text, style) = text(queue.facts)
            var line = Line()
            line.put(text, style, in: columns, right: true)
            return line
        }
    }
}

extension Column {
    static func name(_ width: Int) -> Column {
        Column("QUEUE", width, right: false) { queue, columns in
            var line = Line()
            line.put(queue.view.name.rawValue, .plain, in: columns)
            return line
        }
    }

    static let symbol = Column("", 1, right: false) { queue, _ in
        Line(queue.verdict.standing.symbol, queue.verdict.standing.style)
    }

    static let state = Column("STATE", 9, right: false) { queue, columns in
        let standing = queue.verdict.standing
        var line = Line()
        let word = standing == .noPromise ? "" : " \(standing.word)"
        line.put(standing.symbol + word, standing.style, in: columns)
        return line
    }

    static let waiting = Column("WAITING", 7) { facts in
        (Numerals.count(facts.view.waiting), facts.maxDepth.map { depthStyle(facts, $0) } ?? .plain)
    }

    /// Depth against L.
    static func depthBar(_ width: Int) -> Column {
        Column("OF L", width, right: false) { queue, columns in
            guard let limit = queue.facts.maxDepth, limit > 0 else { return Line() }
            let text = Numerals.count(Numerals.whole(limit))
            var line = Charts.bar(Double(queue.view.waiting), limit: limit, columns: columns - 6)
            line.put(text, .quiet, in: 6, right: true)
            return line
        }
    }

    static let waitNow = Column("WAIT", 7) { facts in
        guard let wait = facts.waitNow else { return (Numerals.none, .quiet) }
        guard let limit = facts.promise?.limit.inSeconds else { return (Numerals.duration(wait), .plain) }
        return (Numerals.duration(wait), Charts.style(wait.inSeconds, limit))
    }

    static let limit = Column("W", 6) { facts in
        (facts.limit, facts.promise == nil ? .quiet : .plain)
    }

    /// The waits of the last looks, as high as the line where they reach W.
    static func waits(_ width: Int) -> Column {
        Column("WAITS", width, right: false) { queue, columns in
            guard let waits = queue.history?.waits else { return Line() }
            return Charts.sparkline(
                waits.last(columns), limit: queue.facts.promise?.limit.inSeconds, columns: columns)
        }
    }

    static let p99 = Column("P99", 7) { facts in
        (Numerals.duration(facts.insight.actualWait), facts.insight.actualWait == nil ? .quiet : .plain)
    }

    static let inTime = Column("IN TIME", 7) { facts in
        guard let share = facts.insight.attainment, let promise = facts.promise else { return (Numerals.none, .quiet) }
        return (Numerals.share(share), share * 100 < promise.percentile ? Style(.red) : .plain)
    }

    static let budget = Column("BUDGET", 7) { facts in
        guard let used = facts.budgetUsed else { return (Numerals.none, .quiet) }
        return (Numerals.share(used), Charts.style(used, 1))
    }

    static let rate = Column("λ/s", 9) { facts in
        let contract = facts.promise?.arrivalRate.map { "/\(Numerals.rate($0))" } ?? ""
        guard let rate = facts.insight.arrivalRate else { return (Numerals.none + contract, .quiet) }
        return (Numerals.rate(rate) + contract, facts.isAboveContract ? Style(.yellow) : .plain)
    }

    static let busy = Column("BUSY", 5) { facts in
        guard let busy = facts.insight.utilization, busy.isFinite else { return (Numerals.none, .quiet) }
        return ("\(Numerals.count(Numerals.whole(busy * 100))) %", busy > 0.95 ? Style(.yellow) : .plain)
    }

    static let workers = Column("WORKERS", 7) { facts in
        guard let workers = facts.insight.workers else { return (Numerals.none, .quiet) }
        let style: Style = facts.isUnserved ? Style(.red, .bold) : .plain
        guard let desired = facts.insight.desiredWorkers, desired != workers else { return ("\(workers)", style) }
        return ("\(workers) → \(desired)", facts.isUnserved ? style : Style(.yellow))
    }

    static let dead = Column("DEAD", 5) { facts in
        let dead = facts.count(.dead)
        return dead == 0 ? ("0", .quiet) : (Numerals.count(dead), Style(.yellow))
    }

    static let refused = Column("REFUSED", 7) { facts in
        guard let refused = facts.insight.refusals else { return (Numerals.none, .quiet) }
        return (Numerals.count(refused), refused == 0 ? .quiet : .plain)
    }

    static let running = Column("RUNNING", 7) { facts in (Numerals.count(facts.count(.running)), .plain) }

    private static func depthStyle(_ facts: QueueFacts, _ limit: Double) -> Style {
        Double(facts.view.waiting) > limit ? Style(.yellow) : .plain
    }
}
