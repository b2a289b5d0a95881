import Testing

@testable import SojournModel

@Suite("Limits") struct LimitsTests {
    @Test func theirRelationsHold() {
        #expect(!Limits.hold.isEmpty)
        #expect(Limits.hold.allSatisfy { $0 })
    }
}
