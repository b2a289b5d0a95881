import SojournModel
import SojournWire

/// Scaling decisions, newest first.
enum DecisionLines {
    /// How long a decision stands out after it was first seen.
    private static let fresh: Duration = .seconds(10)

    /// The newest ones of all queues, under a heading.
    static func recent(_ state: MonitorState, rows: Int) -> [Line] {
        guard rows > 1, !state.decisions.isEmpty else { return [] }
        let names = state.decisions.prefix(rows - 1).map { $0.queue.rawValue.utf8.count }.max() ?? 0
        let name = min(names, max(6, state.size.columns / 6))
        let heading = Line.rule(Line("scaling decisions"), columns: state.size.columns)
        return [heading] + state.decisions.prefix(rows - 1).map { line($0, state, name: name) }
    }

    /// `17:26:30  mail  2 → 3  λ 140/s, 197 waiting, …`; without names where `name` is 0.
    static func line(_ seen: MonitorState.Decision, _ state: MonitorState, name: Int) -> Line {
        let decision = seen.decision
        let isFresh = seen.seenAt.map { state.now.duration(since: $0) < fresh } ?? false
        var line = Line()
        line.put(isFresh ? "• " : "  ", Style(.cyan, .bold))
        line.put("\(Numerals.clock(decision.at))  ", .quiet)
        if name > 0 {
            line.put(seen.queue.rawValue, .plain, in: name)
            line.skip(2)
        }
        let grows = decision.to > decision.from
        let change = "\(decision.from) → \(decision.to)"
        line.put(change, Style(grows ? .green : decision.to < decision.from ? .yellow : .grey, .bold), in: 7)
        line.skip(2)
        line.put(decision.reason, .plain, in: max(0, state.size.columns - line.width))
        if isFresh { line.restyle { $0.face.insert(.bold) } }
        return line
    }
}
