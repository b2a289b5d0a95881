import SojournCore
import SojournModel

extension Checker {
    static let timeRules: [Rule] = [
        Rule("S12", "no task starts before its time", delaysHold),
        Rule("S12", "no retry comes before its time", retriesWait),
    ]

    static func delaysHold(_ facts: Facts) -> [String] {
        facts.grants.values.flatMap { $0 }.compactMap { grant in
            guard let wish = facts.wishes[grant.task]?.first else { return nil }
            let message = wish.task.message
            let due = wish.invoked.time.advanced(by: message.availableAt.duration(since: message.enqueuedAt))
            let early = due.duration(since: grant.returned.time)
            return early <= facts.history.terms.clockError + slack
                ? nil : "task \(grant.task) was handed out \(early) too early"
        }
    }

    /// Requests are made some time after their tasks were stamped; virtual time stands still meanwhile, or nearly.
    private static let slack: Duration = .milliseconds(1)

    static func retriesWait(_ facts: Facts) -> [String] {
        facts.grants.flatMap { id, grants -> [String] in
            grants.flatMap { own -> [String] in
                // The first of several reports may be the one that was written.
                let reports = facts.reports(of: own.token, id)
                guard reports.contains(where: \.isSettled) else { return [] }
                return reports.filter(\.isPossible).prefix(1).compactMap { report -> String? in
                    guard let wait = leastWait(after: report.report, facts) else { return nil }
                    let due = report.invoked.time.advanced(by: wait - facts.history.terms.clockError)
                    let next = grants.first { own.isOlder(than: $0) && $0.token != own.token }
                    guard let next, next.returned.time < due,
                        !facts.mayHaveReplayed(id, after: report.invoked, before: next.returned)
                    else { return nil }
                    return "task \(id) was handed out again \(due.duration(since: next.returned.time)) too early"
                }
            }
        }
    }

    /// The shortest wait that the report may mean; nil where it means none.
    private static func leastWait(after report: AttemptReport, _ facts: Facts) -> Duration? {
        switch report.outcome {
        case .snoozed(let delay), .breakerOpen(let delay): return delay
        case .failed(let failure):
            let policy = report.delivery.message.retry ?? facts.history.terms.policies.retry
            let spread =
                switch policy.jitter {
                case .none: 1.0
                case .equal: 0.5
                case .full: 0.0
                }
            return failure.retryAfter ?? min(policy.base, policy.cap) * spread
        case .succeeded, .discarded, .cancelled, .interrupted, .leaseExpired: return nil
        }
    }
}
