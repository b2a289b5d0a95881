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
        (why, advice) = Reasons(facts: facts, standing: standing).first
        // Nothing is promised, but somebody may well want to know that nobody works.
        let isStuck = standing == .noPromise && facts.isUnserved
        rank = 2 * (isStuck ? Standing.keeps : standing).rawValue - (isStuck ? 1 : 0)
    }
}

extension Standing {
    /// Where a budget is nearly used up, or a wait nearly too long.
    static let nearly = 0.8

    init(_ facts: QueueFacts) {
        let used = facts.budgetUsed ?? 0
        if facts.view.isPaused {
            self = .paused
        } else if facts.promise == nil {
            self = .noPromise
        } else if facts.isLate || used > 1 {
            self = .broken
        } else if facts.isUnserved || facts.lateness > Standing.nearly || used > Standing.nearly
            || (facts.burnsNow ?? 0) > 1
        {
            // A wait that is only predicted to be too long breaks nothing yet.
            self = .atRisk
        } else if facts.view.waiting == 0, facts.count(.running) == 0, (facts.insight.arrivalRate ?? 0) < 0.01 {
            self = .idle
        } else {
            self = .keeps
        }
    }
}
