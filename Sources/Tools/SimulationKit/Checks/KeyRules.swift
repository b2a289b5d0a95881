import SojournCore
import SojournModel

extension Checker {
    static let keyRules: [Rule] = [
        Rule("S10", "one key, one task", oneKeyOneTask),
        Rule("S10", "another request with the same key is refused", otherRequestsAreRefused),
        Rule("S20", "what was refused is not there", refusedIsNotThere),
    ]

    private struct Key: Hashable {
        let tenant: Tenant
        let text: String
    }

    private static func keyed(_ facts: Facts) -> [Key: [Wish]] {
        var groups: [Key: [Wish]] = [:]
        for wish in facts.wishes.values.flatMap({ $0 }) {
            guard let text = wish.task.idempotencyKey else { continue }
            groups[Key(tenant: wish.task.message.tenant, text: text), default: []].append(wish)
        }
        return groups
    }

    static func oneKeyOneTask(_ facts: Facts) -> [String] {
        keyed(facts).flatMap { key, wishes -> [String] in
            let answers = Set(wishes.compactMap { $0.result?.owner })
            let made = Set(wishes.map(\.task.message.id)).filter { facts.history.final[$0] != nil }
            var broken: [String] = []
            if answers.count > 1 { broken.append("key \(key.text) was said to belong to \(answers.count) tasks") }
            if made.count > 1 { broken.append("key \(key.text) has \(made.count) tasks") }
            return broken
        }
    }

    static func otherRequestsAreRefused(_ facts: Facts) -> [String] {
        keyed(facts).flatMap { key, wishes -> [String] in
            let prints = Dictionary(
                wishes.map { ($0.task.message.id, $0.task.fingerprint) }, uniquingKeysWith: { first, _ in first })
            return wishes.compactMap { wish in
                switch wish.result {
                case .duplicate(let owner)?:
                    prints[owner] == wish.task.fingerprint ? nil : "key \(key.text) let another request pass"
                case .conflict(let owner)?:
                    prints[owner] != wish.task.fingerprint ? nil : "key \(key.text) refused the same request"
                case .inserted?, nil: nil
                }
            }
        }
    }

    static func refusedIsNotThere(_ facts: Facts) -> [String] {
        facts.wishes.compactMap { id, wishes in
            let isRefused = wishes.allSatisfy { wish in
                switch wish.result {
                case .conflict?: true
                case .duplicate(let owner)?: owner != id
                case .inserted?: false
                case nil: wish.isFail
                }
            }
            return isRefused && facts.history.final[id] != nil ? "task \(id) was refused, and is there" : nil
        }
    }
}

extension InsertResult {
    /// The task that it names.
    fileprivate var owner: TaskID {
        switch self {
        case .inserted(let id), .duplicate(let id), .conflict(let id): id
        }
    }
}
