import SojournCore
import SojournModel

extension Checker {
    static let fidelityRules: [Rule] = [
        Rule("S15", "what runs is what was inserted", payloadsArrive),
        Rule("S15", "what is kept is what was inserted", recordsAreTrue),
        Rule("S15", "results are those of the handler", resultsAreTrue),
    ]

    private static func isSame(_ a: TaskMessage, _ b: TaskMessage) -> Bool {
        a.payload == b.payload && a.type == b.type && a.queue == b.queue && a.tenant == b.tenant
            && a.priority == b.priority && a.maxRetries == b.maxRetries && a.timeout == b.timeout
            && a.deadline == b.deadline
    }

    static func payloadsArrive(_ facts: Facts) -> [String] {
        let granted = facts.grants.values.flatMap { $0.map(\.delivery.message) }
        return (granted + facts.history.runs.map(\.delivery.message)).compactMap { message in
            guard let wish = facts.wish(message.id), !isSame(wish.message, message) else { return nil }
            return "task \(message.id) was handed out as another one than was inserted"
        }
    }

    static func recordsAreTrue(_ facts: Facts) -> [String] {
        facts.history.final.compactMap { id, record in
            guard let wish = facts.wish(id), !isSame(wish.message, record.message) else { return nil }
            return "task \(id) is kept as another one than was inserted"
        }
    }

    static func resultsAreTrue(_ facts: Facts) -> [String] {
        facts.history.final.compactMap { id, record in
            guard record.status == .succeeded else { return nil }
            let results = facts.reports(of: id).compactMap { report -> [UInt8]?? in
                guard case .succeeded(let result) = report.report.outcome, report.isPossible else { return nil }
                return .some(result)
            }
            return results.contains { $0 == record.result } ? nil : "task \(id) has a result that nobody reported"
        }
    }
}
