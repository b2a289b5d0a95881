import SojournModel
import SojournWire

/// The first two lines: who is asked, whether it is live, and how all queues stand.
enum Header {
    /// `sojourn monitor  http://127.0.0.1:8080      ● live  17:26:32Z`.
    static func title(_ state: MonitorState) -> Line {
        let right = status(state)
        var line = Line("sojourn", Style(.cyan, .bold))
        if state.size.columns >= 60 { line.put(" monitor", Style(.cyan, .bold)) }
        let room = state.size.columns - line.width - right.width - 4
        if room >= 8 {
            line.skip(2)
            line.put(state.server, .quiet, in: room)
        }
        line.skip(to: state.size.columns - right.width)
        line.put(right)
        return line
    }

    /// `● live  17:26:32Z`, `○ not reachable since 17:26:20Z, 12 s`, `‖ frozen at 17:26:30Z`.
    private static func status(_ state: MonitorState) -> Line {
        var line = Line()
        if let failure = state.failure {
            let age = Numerals.age(state.now.duration(since: failure.since))
            let since = state.size.columns >= 60 ? " since \(Numerals.clock(failure.since))Z" : ""
            line.put("○ not reachable\(since), \(age)", Style(.red, .bold))
        } else if state.isFrozen {
            line.put("‖ frozen\(state.sampledAt.map { " at \(Numerals.clock($0))Z" } ?? "")", Style(.yellow, .bold))
        } else if let sampled = state.sampledAt {
            let age = state.now.duration(since: sampled)
            if state.isStale {
                line.put("○ \(Numerals.age(age)) old", Style(.yellow, .bold))
            } else {
                line.put(age < .seconds(5) ? "● live" : "● \(Numerals.age(age)) ago", Style(.green))
            }
        } else {
            line.put("○ asking", .quiet)
        }
        if state.size.columns >= 50 { line.put("  \(Numerals.clock(state.now))Z", .quiet) }
        return line
    }

    /// `✗ 1 broken  ▲ 1 at risk  ✓ 3 keep  │ 1,204 waiting  38 running  3 dead  λ 180/s`, as much as fits.
    static func totals(_ state: MonitorState) -> Line {
        let totals = state.totals
        guard !totals.standings.isEmpty else { return Line() }
        var parts = standings(totals, quietWords: state.size.columns >= 110)
        parts.append(Line("│ \(Numerals.count(totals.waiting)) waiting"))
        parts.append(Line("\(Numerals.count(totals.running)) running"))
        if totals.dead > 0 { parts.append(Line("\(Numerals.count(totals.dead)) dead", Style(.yellow))) }
        parts.append(Line("λ \(Numerals.rate(totals.rate))/s"))
        var line = Line()
        for part in parts {
            guard line.width + part.width + 2 <= state.size.columns else { break }
            if line.width > 0 { line.skip(2) }
            line.put(part)
        }
        return line
    }

    /// How many queues stand how; what needs nobody has no words where there is little room.
    private static func standings(_ totals: Totals, quietWords: Bool) -> [Line] {
        totals.standings.sorted { $0.key < $1.key }.map { standing, count in
            let word = standing == .keeps && count > 1 ? "keep" : standing.word
            let isSaid = quietWords || standing < .keeps
            return Line("\(standing.symbol) \(count)\(isSaid ? " \(word)" : "")", standing.style)
        }
    }
}
