import SojournCore
import SojournModel

extension Checker {
    static let orderRules: [Rule] = [
        Rule("S11", "a line is served in order of arrival", linesAreInOrder),
        Rule("S11", "priorities get their shares", prioritiesGetTheirShares),
        Rule("S14", "a paused queue hands out nothing", pausesHold),
    ]

    /// First attempts that nobody handed back, of tasks without a delay; where every claim was answered.
    private static func firstStarts(_ facts: Facts) -> [Grant] {
        facts.grants.compactMap { id, grants in
            guard let first = grants.first, first.attempt == 1,
                !grants.dropFirst().contains(where: { $0.attempt == 1 }),
                let task = facts.wish(id), !task.message.isDelayed, facts.durable[id] != nil,
                !facts.reports(of: id).contains(where: \.refunds)
            else { return nil }
            return first
        }
    }

    static func linesAreInOrder(_ facts: Facts) -> [String] {
        guard facts.history.terms.isOrdered else { return [] }
        let lines = Dictionary(grouping: firstStarts(facts)) { Hint($0.delivery.message).line }
        return lines.values.flatMap { starts -> [String] in
            starts.flatMap { late in
                starts.compactMap { early -> String? in
                    let (a, b) = (early.delivery.message, late.delivery.message)
                    // b was started, and only then a worker asked for a, which had been there before b.
                    guard a.availableAt < b.availableAt, late.returned < early.invoked,
                        let thereSince = facts.durable[a.id], let wish = facts.wishes[b.id]?.first,
                        thereSince < wish.invoked
                    else { return nil }
                    return "task \(b.id) was started before \(a.id), which had come earlier into the same line"
                }
            }
        }
    }

    /// While a critical task waits, at most one low task starts for eight critical ones, give or take one.
    static func prioritiesGetTheirShares(_ facts: Facts) -> [String] {
        guard facts.history.terms.isOrdered, facts.history.terms.isCalm,
            facts.history.claims.allSatisfy({ $0.answer != nil })
        else { return [] }
        let all = facts.grants.values.flatMap { $0 }
        let urgent = all.filter { $0.delivery.message.priority == .critical }
        let low = all.filter { $0.delivery.message.priority == .low }
        return firstStarts(facts).filter { $0.delivery.message.priority == .critical }.compactMap { start in
            guard let since = facts.durable[start.task] else { return nil }
            let queue = start.delivery.message.queue
            let before = low.count {
                $0.delivery.message.queue == queue && since < $0.invoked && $0.returned < start.invoked
            }
            let served = urgent.count {
                $0.delivery.message.queue == queue && since < $0.returned && $0.invoked < start.returned
            }
            guard before > 2 + (served + 1) / Priority.critical.weight else { return nil }
            return "critical task \(start.task) waited for \(before) low ones; \(served) critical ones were started"
        }
    }

    static func pausesHold(_ facts: Facts) -> [String] {
        facts.history.pauses.filter { $0.request.isPaused && $0.answer != nil }.flatMap { pause -> [String] in
            guard let since = pause.returned else { return [] }
            let queue = pause.request.queue
            let resumes = facts.history.pauses.filter { call in
                !call.request.isPaused && call.request.queue == queue
                    && (call.answer == nil || call.returned.map { pause.invoked < $0 } ?? true)
            }
            let until = resumes.map(\.invoked).min()
            return facts.grants.values.flatMap { $0 }.filter { grant in
                grant.delivery.message.queue == queue && since < grant.invoked
                    && until.map { grant.returned < $0 } ?? true
            }.map { "task \($0.task) was handed out while \(queue) was paused" }
        }
    }
}
