import SojournCore
import SojournModel

extension Checker {
    static let endRules: [Rule] = [
        Rule("L1", "everything comes to its end once it is mended", everythingEnds),
        Rule("L1", "the run came to its end", theRunEnds),
        Rule("L4", "no claim sleeps while a task waits for it", claimsAreWoken),
        Rule("L6", "no duty goes in circles", dutiesRest),
        Rule("S17", "stale hints do not stay", staleHintsGo),
    ]

    static func everythingEnds(_ facts: Facts) -> [String] {
        guard facts.history.terms.isHealed, facts.history.stuck == nil else { return [] }
        return facts.history.final.values.filter { !$0.status.isFinal }.map { record in
            "task \(record.message.id) is \(record.status) for ever"
        }
    }

    /// Longer than every way takes on a calm day, and shorter than a claim waits.
    private static let wakeUp: Duration = .seconds(1)

    /// Whoever asked for tasks before one came hears of it soon, or somebody else has got it.
    static func claimsAreWoken(_ facts: Facts) -> [String] {
        guard facts.history.terms.isCalm else { return [] }
        let sleepers = facts.history.claims.filter { call in
            call.returned.map { $0.time.duration(since: call.invoked.time) > wakeUp } ?? false
        }
        return facts.grants.compactMap { id, grants in
            guard let grant = grants.first, let since = facts.durable[id], let task = facts.wish(id),
                !task.message.isDelayed, grant.returned.time.duration(since: since.time) > wakeUp,
                !facts.mayBePaused(task.message.queue, from: since, to: grant.returned)
            else { return nil }
            let slept = sleepers.contains { call in
                guard let returned = call.returned, call.invoked < since else { return false }
                let queues = call.request.queues
                return returned.time.duration(since: since.time) > wakeUp
                    && (queues.isEmpty || queues.contains(task.message.queue))
            }
            return slept ? "task \(id) waited, and somebody who had asked for it slept on" : nil
        }
    }

    /// A duty looks a few times a second, and once or twice for each thing that is due.
    static func dutiesRest(_ facts: Facts) -> [String] {
        let history = facts.history
        let looks = Double(history.terms.servers) * (4 * history.lasted.inSeconds + 20)
        let delayed = facts.wishes.values.reduce(0) { $0 + $1.count }
        let reports = facts.reports.values.reduce(0) { $0 + $1.count }
        let things = Double(5 * (delayed + reports + history.claims.count))
        return ["promote", "expired"].compactMap { name in
            let calls = history.calls[name] ?? 0
            return Double(calls) <= looks + things
                ? nil : "\(name) was called \(calls) times in \(history.lasted.inSeconds) s"
        }
    }

    static func staleHintsGo(_ facts: Facts) -> [String] {
        guard let left = facts.history.hintsLeft, left > 0 else { return [] }
        return ["\(left) hints are left, and nothing waits"]
    }

    static func theRunEnds(_ facts: Facts) -> [String] { facts.history.stuck.map { [$0] } ?? [] }
}

extension Facts {
    /// Whether the queue may have been paused at some time between these moments.
    fileprivate func mayBePaused(_ queue: QueueName, from start: Moment, to end: Moment) -> Bool {
        let calls = history.pauses.filter { $0.request.queue == queue }
        return calls.contains { pause in
            guard pause.request.isPaused, pause.invoked < end else { return false }
            let resume = calls.filter { !$0.request.isPaused && pause.invoked < $0.invoked }.compactMap(\.returned)
                .min()
            return resume.map { start < $0 } ?? true
        }
    }
}
