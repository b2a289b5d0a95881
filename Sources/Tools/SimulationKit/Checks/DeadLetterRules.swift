import SojournCore
import SojournModel

extension Checker {
    static let deadLetterRules: [Rule] = [
        Rule("S9", "the dead are listed, each once", theDeadAreListed),
        Rule("S9", "the dead have a reason that is true", theDeadHaveReasons),
        Rule("S9", "what cannot be retried is dead", theHopelessAreDead),
    ]

    static func theDeadAreListed(_ facts: Facts) -> [String] {
        let dead = facts.history.final.values.filter { $0.status == .dead }.map(\.message.id).sorted()
        let listed = facts.history.deadLetters.sorted()
        if dead == listed { return [] }
        let missing = Set(dead).subtracting(listed).sorted()
        let extra = Set(listed).subtracting(dead).sorted()
        if missing.isEmpty, extra.isEmpty { return ["a dead letter is listed twice"] }
        return missing.map { "task \($0) is dead, and not listed" } + extra.map { "task \($0) is listed, and not dead" }
    }

    static func theDeadHaveReasons(_ facts: Facts) -> [String] {
        facts.history.final.values.filter { $0.status == .dead }.compactMap { record in
            let message = record.message
            let outcomes = facts.reports(of: message.id).filter(\.isPossible).map(\.report.outcome)
            let isTrue =
                switch record.deadReason {
                case .retriesExhausted?:
                    message.attempt - message.attemptsBeforeReplay
                        > facts.history.terms.policies.maxRetries(of: message)
                case .notRetryable?: outcomes.contains { $0.isHopeless }
                case .discarded?: outcomes.contains { if case .discarded = $0 { true } else { false } }
                case .poison?: message.crashes >= Limits.crashes
                case .deadline?: message.deadline != nil
                case nil: false
                }
            let reason = record.deadReason.map(\.rawValue) ?? "no reason"
            return isTrue ? nil : "task \(message.id) is dead for \(reason), after \(message.attempt) attempts"
        }
    }

    static func theHopelessAreDead(_ facts: Facts) -> [String] {
        facts.reports.flatMap { id, reports in
            reports.compactMap { report in
                guard report.isSettled, report.report.outcome.isHopeless else { return nil }
                let status = facts.history.final[id]?.status
                // The first of several reports may be the one that was written.
                let since = facts.reports(of: report.token, id).map(\.invoked).min() ?? report.invoked
                if status == .dead || facts.mayHaveReplayed(id, after: since, before: nil) { return nil }
                return "task \(id) cannot be retried, and is \(status.name)"
            }
        }
    }
}

extension Outcome {
    /// Whether it failed in a way that no retry can help.
    fileprivate var isHopeless: Bool { if case .failed(let failure) = self { !failure.isRetryable } else { false } }
}
