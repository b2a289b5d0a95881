import SimulationKit
import Testing

/// The checker, on histories made by hand: every rule flags what it must, and nothing that is legal.
@Suite("Checker") struct CheckerTests {
    static let cases = RuleCase.life + RuleCase.leases + RuleCase.order

    @Test(arguments: Checker.rules.map(\.about))
    func aRuleFlagsWhatItMustAndNothingElse(about: String) throws {
        let rule = try #require(Checker.rules.first { $0.about == about })
        let example = try #require(Self.cases.first { $0.about == about }, "this rule has no example")
        var (bad, good) = (Scene(), Scene())
        example.bad(&bad)
        example.good(&good)
        #expect(!rule.findings(in: bad.history).isEmpty, "not flagged")
        #expect(Checker.check(good.history).map(\.description).filter { !$0.hasPrefix("L1: task") } == [])
        #expect(rule.findings(in: good.history) == [])
    }

    @Test func everyRuleHasANameOfItsOwn() {
        let names = Checker.rules.map(\.about)
        #expect(Set(names).count == names.count)
        #expect(Set(Self.cases.map(\.about)) == Set(names))
    }

    @Test func nothingIsLegal() { #expect(Checker.check(History()).isEmpty) }
}
