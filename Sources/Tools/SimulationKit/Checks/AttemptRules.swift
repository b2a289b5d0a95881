import SojournCore
import SojournModel

extension Checker {
    static let attemptRules: [Rule] = [
        Rule("S8", "tokens are never used again", tokensAreUnique),
        Rule("S8", "a lease runs once", leasesRunOnce),
        Rule("S8", "attempts are counted", attemptsRise),
        Rule("S8", "attempts are counted once", attemptsAreExact),
        Rule("S8", "no more attempts than permitted", attemptsAreBounded),
    ]

    static func tokensAreUnique(_ facts: Facts) -> [String] {
        var seen: Set<LeaseToken> = []
        return facts.grants.values.flatMap { $0 }.filter { !seen.insert($0.token).inserted }.map {
            "token \($0.token) was handed out twice"
        }
    }

    static func leasesRunOnce(_ facts: Facts) -> [String] {
        var seen: Set<LeaseToken> = []
        let known = Set(facts.grants.values.flatMap { $0.map(\.token) })
        return facts.history.runs.compactMap { run in
            let id = run.delivery.message.id
            if !known.contains(run.delivery.lease.token) { return "task \(id) ran without a lease" }
            return seen.insert(run.delivery.lease.token).inserted ? nil : "task \(id) ran twice under one lease"
        }
    }

    static func attemptsRise(_ facts: Facts) -> [String] {
        facts.grants.flatMap { id, grants -> [String] in
            zip(grants, grants.dropFirst()).compactMap { own, next in
                guard own.returned < next.invoked else { return nil }
                let mayRefund = facts.reports(of: own.token, id).contains { $0.refunds && $0.isPossible }
                let least = mayRefund ? own.attempt : own.attempt + 1
                return next.attempt >= least ? nil : "task \(id) had attempt \(own.attempt), and then \(next.attempt)"
            }
        }
    }

    /// Only where nothing goes wrong, and every claim and every report was answered, is it known how many attempts
    /// there were: a claim that takes too long hands out nothing, though the store has counted.
    static func attemptsAreExact(_ facts: Facts) -> [String] {
        guard facts.history.terms.isCalm, facts.history.claims.allSatisfy({ $0.answer != nil }) else { return [] }
        return facts.grants.flatMap { id, grants -> [String] in
            let reports = facts.reports(of: id)
            guard reports.allSatisfy({ $0.status != nil }) else { return [] }
            let inOrder = zip(grants, grants.dropFirst()).allSatisfy { $0.returned < $1.invoked }
            guard inOrder else { return [] }
            return grants.enumerated().compactMap { index, grant in
                let refunds = grants[..<index].count { earlier in
                    reports.contains { $0.token == earlier.token && $0.isSettled && $0.refunds }
                }
                let expected = index + 1 - refunds
                return grant.attempt == expected
                    ? nil : "task \(id) was handed out as attempt \(grant.attempt); it is number \(expected)"
            }
        }
    }

    static func attemptsAreBounded(_ facts: Facts) -> [String] {
        facts.grants.values.flatMap { $0 }.compactMap { grant in
            let message = grant.delivery.message
            let most = facts.history.terms.policies.maxRetries(of: message) + 1
            let number = message.attempt - message.attemptsBeforeReplay
            return number <= most ? nil : "task \(grant.task) was handed out for attempt \(number) of \(most)"
        }
    }
}
