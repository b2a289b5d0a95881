import SojournCore
import SojournModel

extension Checker {
    static let cancelRules: [Rule] = [
        Rule("S16", "what was cancelled does not start", cancelledDoesNotStart),
        Rule("S16", "who runs a cancelled task is told", runningIsTold),
        Rule("S16", "what was cancelled while it waited stays so", cancelledStays),
    ]

    private struct Cancellation {
        let id: TaskID
        let result: CancelResult
        let asked: Moment
        let heard: Moment
    }

    /// Every cancellation that was answered.
    private static func answered(_ facts: Facts) -> [Cancellation] {
        facts.history.cancels.flatMap { call -> [Cancellation] in
            guard let answer = call.answer, let heard = call.returned else { return [] }
            return zip(call.request, answer).map {
                Cancellation(id: $0, result: $1, asked: call.invoked, heard: heard)
            }
        }
    }

    static func cancelledDoesNotStart(_ facts: Facts) -> [String] {
        answered(facts).flatMap { call -> [String] in
            let (id, asked, heard) = (call.id, call.asked, call.heard)
            switch call.result {
            case .final, .unknown: return []
            case .cancelled, .requested: break
            }
            return facts.grants(of: id).compactMap { grant in
                guard heard < grant.invoked, !facts.mayHaveReplayed(id, after: asked, before: grant.returned) else {
                    return nil
                }
                return "task \(id) was handed out after it was cancelled"
            }
        }
    }

    static func runningIsTold(_ facts: Facts) -> [String] {
        answered(facts).flatMap { call -> [String] in
            guard case .requested = call.result else { return [] }
            let (id, asked) = (call.id, call.asked)
            return (facts.beats[id] ?? []).compactMap { beat in
                guard call.heard < beat.invoked, case .held = beat.status,
                    !facts.mayHaveReplayed(id, after: asked, before: beat.returned)
                else { return nil }
                return "whoever ran task \(id) was not told that it was cancelled"
            }
        }
    }

    static func cancelledStays(_ facts: Facts) -> [String] {
        answered(facts).compactMap { call in
            guard case .cancelled = call.result else { return nil }
            let status = facts.history.final[call.id]?.status
            return status == .cancelled ? nil : "task \(call.id) was cancelled, and is \(status.name)"
        }
    }
}
