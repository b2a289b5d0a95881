import SojournModel
import SojournWire

extension MonitorState {
    /// Keeps a sample for later; the oldest goes first.
    mutating func hold(_ views: [QueueView], _ at: Timestamp) {
        if held.count == MonitorState.heldBound { held.removeFirst() }
        held.append((views, at))
    }

    /// Lets the screen move again.
    mutating func thaw() {
        isFrozen = false
        for sample in held { take(sample.views, sample.at) }
        held = []
    }

    /// Shows a sample.
    mutating func take(_ views: [QueueView], _ at: Timestamp) {
        let isFirst = sampledAt == nil
        sampledAt = at
        let known = queues
        var histories = known.values.reduce(0) { $0 + ($1.history == nil ? 0 : 1) }
        queues = [:]
        for view in views {
            var history = known[view.name]?.history
            if history == nil, histories < MonitorState.historyBound {
                history = QueueHistory()
                histories += 1
            }
            history?.add(QueueFacts(view: view), at: at)
            let verdict = Verdict(QueueFacts(view: view, past: history?.past(at: at) ?? QueuePast()))
            queues[view.name] = Queue(view: view, verdict: verdict, history: history)
        }
        totals = Totals(queues.values)
        addDecisions(views, seenAt: isFirst ? nil : at)
        list()
    }

    /// Renews the list after a change of queues, order or filter.
    mutating func list() {
        let wanted = filter.lowercased()
        let shown = queues.values.filter { wanted.isEmpty || $0.view.name.rawValue.lowercased().contains(wanted) }
        listed = shown.map { SortKey($0, order) }.sorted().map(\.name)
        longestName = listed.lazy.map { $0.rawValue.utf8.count }.max() ?? 0
        if page == .list, let selected, !listed.contains(selected) { self.selected = nil }
    }

    private mutating func addDecisions(_ views: [QueueView], seenAt: Timestamp?) {
        var known = Set(decisions.map { Seen(queue: $0.queue, decision: $0.decision) })
        for view in views {
            for decision in view.insight.decisions.prefix(MonitorState.decisionBound) {
                guard known.insert(Seen(queue: view.name, decision: decision)).inserted else { continue }
                decisions.append(Decision(queue: view.name, decision: decision, seenAt: seenAt))
            }
        }
        decisions.sort { ($1.decision.at, $0.queue) < ($0.decision.at, $1.queue) }
        decisions.removeLast(max(0, decisions.count - MonitorState.decisionBound))
    }
}

private struct Seen: Hashable {
    let queue: QueueName
    let decision: ScalingDecision
}

/// What the list is ordered by: computed once per queue, not once per comparison.
private struct SortKey: Comparable {
    let name: QueueName
    let standing: Int
    let lateness: Double
    let depth: Int

    init(_ queue: MonitorState.Queue, _ order: MonitorState.Order) {
        name = queue.view.name
        standing = order == .worst ? queue.verdict.rank : 0
        // Rounded, so that queues that stand alike do not change places at every look.
        lateness = order == .worst ? -(queue.facts.lateness * 4).rounded() : 0
        depth = order == .depth ? -queue.view.waiting : 0
    }

    static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.standing, lhs.lateness, lhs.depth, lhs.name) < (rhs.standing, rhs.lateness, rhs.depth, rhs.name)
    }
}
