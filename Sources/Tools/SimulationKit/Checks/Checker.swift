/// One rule about what a legal history looks like. It goes by what is certain only: a call whose answer is unknown may
/// have been done or not, and two calls that overlap may have been done in either order.
package struct Rule: Sendable {
    /// The invariant it belongs to, as `S5`.
    package let invariant: String
    /// What must hold.
    package let about: String
    let check: @Sendable (Facts) -> [String]

    init(_ invariant: String, _ about: String, _ check: @escaping @Sendable (Facts) -> [String]) {
        self.invariant = invariant
        self.about = about
        self.check = check
    }

    /// What this rule finds.
    package func findings(in history: History) -> [String] { check(Facts(history)) }
}

/// Judges histories: a pure function.
package enum Checker {
    /// All rules.
    package static let rules: [Rule] =
        durabilityRules + fencingRules + attemptRules + deadLetterRules + keyRules + orderRules + timeRules
        + fidelityRules + cancelRules + endRules

    /// What is wrong with a history; at most a few findings of each rule.
    package static func check(_ history: History) -> [Finding] {
        let facts = Facts(history)
        return rules.flatMap { rule in rule.check(facts).prefix(3).map { Finding(rule.invariant, $0) } }
    }
}
