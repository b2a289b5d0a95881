import SojournCore
import SojournModel

extension Checker {
    static let durabilityRules: [Rule] = [
        Rule("S1", "what was accepted is there", acceptedIsThere),
        Rule("S1", "what was accepted is read", acceptedIsRead),
        Rule("S2", "what runs was asked for", runsWereAskedFor),
        Rule("S3", "who succeeded was reported by whoever had it", successesWereReported),
        Rule("S3", "a success that was settled stands", settledSuccessesStand),
        Rule("S3", "a success is reported when the handler has ended", successesFollowTheirRuns),
        Rule("S4", "what is over is over", finalIsFinal),
    ]

    static func acceptedIsThere(_ facts: Facts) -> [String] {
        facts.durable.keys.sorted().filter { facts.history.final[$0] == nil }.map { "task \($0) is gone" }
    }

    static func acceptedIsRead(_ facts: Facts) -> [String] {
        facts.history.reads.compactMap { call in
            guard let since = facts.durable[call.request], since < call.invoked else { return nil }
            guard case .ok(nil) = call.result else { return nil }
            return "task \(call.request) was not found"
        }
    }

    static func runsWereAskedFor(_ facts: Facts) -> [String] {
        facts.grants.values.flatMap { $0 }.compactMap { grant in
            let wishes = facts.wishes[grant.task] ?? []
            let isKnown = wishes.contains { !$0.isFail && $0.invoked < grant.returned }
            return isKnown ? nil : "task \(grant.task) was handed out, and nobody had inserted it"
        }
    }

    static func successesWereReported(_ facts: Facts) -> [String] {
        facts.history.final.values.filter { $0.status == .succeeded }.compactMap { record in
            let id = record.message.id
            let tokens = Set(facts.grants(of: id).map(\.token))
            let isReported = facts.reports(of: id).contains { report in
                guard case .succeeded = report.report.outcome else { return false }
                return report.isPossible && tokens.contains(report.token)
            }
            return isReported ? nil : "task \(id) succeeded, and nobody who had it said so"
        }
    }

    static func settledSuccessesStand(_ facts: Facts) -> [String] {
        facts.reports.flatMap { id, reports in
            reports.compactMap { report in
                guard case .succeeded = report.report.outcome, report.isSettled else { return nil }
                let status = facts.history.final[id]?.status
                return status == .succeeded ? nil : "task \(id) was settled as succeeded, and is \(status.name)"
            }
        }
    }

    static func successesFollowTheirRuns(_ facts: Facts) -> [String] {
        var ends: [LeaseToken: Moment] = [:]
        for run in facts.history.runs {
            if let ended = run.ended, case .succeeded? = run.outcome { ends[run.delivery.lease.token] = ended }
        }
        return facts.reports.values.flatMap { $0 }.compactMap { report in
            guard case .succeeded = report.report.outcome else { return nil }
            if let end = ends[report.token], end < report.invoked { return nil }
            return "task \(report.report.delivery.message.id) was reported as succeeded before its handler had"
        }
    }

    static func finalIsFinal(_ facts: Facts) -> [String] {
        var last: [TaskID: (status: TaskStatus, asked: Moment, heard: Moment)] = [:]
        var broken: [String] = []
        func look(_ id: TaskID, _ status: TaskStatus, asked: Moment?, heard: Moment?) {
            if let old = last[id], asked.map({ old.heard < $0 }) ?? true, status != old.status {
                let isBack = old.status == .dead && facts.mayHaveReplayed(id, after: old.asked, before: heard)
                if !isBack { broken.append("task \(id) was \(old.status), and then \(status)") }
            }
            if status.isFinal, let asked, let heard { last[id] = (status, asked, heard) }
        }
        for call in facts.history.reads.sorted(by: { $0.invoked < $1.invoked }) {
            guard let heard = call.returned, let record = call.answer ?? nil else { continue }
            look(call.request, record.status, asked: call.invoked, heard: heard)
        }
        for (id, record) in facts.history.final { look(id, record.status, asked: nil, heard: nil) }
        return broken
    }
}

extension TaskStatus? {
    /// The word for it.
    var name: String { map { $0.rawValue } ?? "unknown" }
}
