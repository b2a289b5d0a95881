import SojournCore
import SojournModel

extension Checker {
    static let fencingRules: [Rule] = [
        Rule("S5", "an old lease changes nothing", oldLeasesAreRefused),
        Rule("S5", "one success counts", oneSuccessCounts),
        Rule("S6", "what succeeded does not run again", noRunAfterSuccess),
        Rule("S7", "one lease at a time", leasesDoNotOverlap),
    ]

    static func oldLeasesAreRefused(_ facts: Facts) -> [String] {
        facts.grants.flatMap { id, grants -> [String] in
            guard grants.count > 1 else { return [] }
            func isOld(_ token: LeaseToken, at moment: Moment) -> Bool {
                guard let own = grants.first(where: { $0.token == token }) else { return false }
                return grants.contains { $0.token != token && own.isOlder(than: $0) && $0.returned < moment }
            }
            let settled = facts.reports(of: id).filter { $0.isSettled && isOld($0.token, at: $0.invoked) }
            let held = (facts.beats[id] ?? []).filter { $0.status != .lost && isOld($0.lease.token, at: $0.invoked) }
            return settled.map { _ in "an old lease of task \(id) settled it" }
                + held.map { _ in "an old lease of task \(id) was extended" }
        }
    }

    static func oneSuccessCounts(_ facts: Facts) -> [String] {
        facts.reports.compactMap { id, reports in
            let tokens = Set(
                reports.filter { report in
                    if case .succeeded = report.report.outcome { report.isSettled } else { false }
                }.map(\.token))
            return tokens.count > 1 ? "task \(id) succeeded under \(tokens.count) leases" : nil
        }
    }

    static func noRunAfterSuccess(_ facts: Facts) -> [String] {
        facts.reports.flatMap { id, reports -> [String] in
            let heard = reports.compactMap { report -> Moment? in
                guard case .succeeded = report.report.outcome, report.isSettled else { return nil }
                return report.returned
            }.min()
            guard let heard else { return [] }
            return facts.grants(of: id).filter { heard < $0.invoked }.map { _ in
                "task \(id) was handed out after it had succeeded"
            }
        }
    }

    static func leasesDoNotOverlap(_ facts: Facts) -> [String] {
        facts.grants.flatMap { id, grants -> [String] in
            guard grants.count > 1 else { return [] }
            return grants.flatMap { own in
                grants.filter { $0.token != own.token && own.isOlder(than: $0) }.compactMap { next in
                    let isGivenBack = facts.reports(of: own.token, id).contains {
                        $0.isPossible && $0.invoked < next.returned
                    }
                    guard !isGivenBack, next.returned.time < end(of: own, before: next, facts) else { return nil }
                    return "task \(id) was handed out again while its lease held"
                }
            }
        }
    }

    /// Until when a lease certainly held: from the call that was last known to extend it.
    private static func end(of own: Grant, before next: Grant, _ facts: Facts) -> Timestamp {
        let renewals = (facts.beats[own.task] ?? []).filter {
            $0.lease.token == own.token && $0.status != .lost && $0.returned < next.returned
        }
        let last = ([own.invoked] + renewals.map(\.invoked)).max() ?? own.invoked
        return last.time.advanced(by: own.request.duration)
    }
}
