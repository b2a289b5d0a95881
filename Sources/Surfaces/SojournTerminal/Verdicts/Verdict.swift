import SojournModel
import SojournWire

/// Whether a queue keeps its promise, why, and what to do: what somebody on call wants to know first.
struct Verdict: Equatable {
    var standing: Standing
    /// One sentence.
    var why: String
    /// One sentence.
    var advice: String

    /// Where the queue stands in a list with the worst first.
    var rank: Int

    /// Judges a queue.
    init(_ facts: QueueFacts) {
        standing = Standing(facts)
        (why, advice) = Reasons(facts: facts).first(standing)
        // Nothing is promised, but somebody may well want to know that nobody works.
        let isStuck = standing == .noPromise && facts.isUnserved
        rank = 2 * (isStuck ? Standing.keeps : standing).rawValue - (isStuck ? 1 : 0)
    }
}

extension Standing {
    /// By the same rules as the dashboard, whose `dashboard-verdict.js` has them too.
    init(_ facts: QueueFacts) {
        if facts.view.isPaused {
            self = .paused
        } else if facts.promise == nil {
            self = .noPromise
        } else if facts.isLate || (facts.budgetUsed ?? 0) > 1 {
            self = .broken
        } else if Reasons(facts: facts).trouble != nil {
            // A wait that is only predicted to be too long breaks nothing yet.
            self = .atRisk
        } else {
            self = facts.isIdle ? .idle : .keeps
        }
    }
}
