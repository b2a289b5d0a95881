import SojournModel
import SojournTestKit
import Testing

@Suite("Task identifiers") struct TaskIDTests {
    private static let day = Timestamp(microseconds: 1_767_225_600_000_000)

    private func ids(_ count: Int, at instant: Timestamp = day) -> [TaskID] {
        var random = SplitMix64(seed: 5)
        return (0..<count).map { _ in TaskID(at: instant, random: &random) }
    }

    @Test func readsWhatItWrote() {
        for id in ids(1_000) {
            #expect(TaskID(id.description) == id)
            #expect(TaskID(id.description.uppercased()) == id)
        }
    }

    @Test(arguments: [
        (TaskID(high: 0, low: 0), "00000000-0000-0000-0000-000000000000"),
        (TaskID(high: .max, low: .max), "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        (TaskID(high: 0x0123_4567_89AB_CDEF, low: 0x0FED_CBA9_8765_4321), "01234567-89ab-cdef-0fed-cba987654321"),
    ])
    func hasTheCanonicalForm(id: TaskID, text: String) {
        #expect(id.description == text)
        #expect(TaskID(text) == id)
    }

    @Test(arguments: [
        "", "0", "01234567-89ab-cdef-0fed-cba98765432", "01234567-89ab-cdef-0fed-cba9876543210",
        "01234567089ab-cdef-0fed-cba987654321", "01234567-89ab-cdef-0fed_cba987654321",
        "0123456789abcdef0fedcba987654321", "g1234567-89ab-cdef-0fed-cba987654321",
        " 1234567-89ab-cdef-0fed-cba987654321", "01234567-89ab-cdef-0fed-cba98765432ü",
        "{1234567-89ab-cdef-0fed-cba987654321}", "------------------------------------",
        "+1234567-89ab-cdef-0fed-cba987654321",
    ])
    func refusesEverythingElse(text: String) {
        #expect(TaskID(text) == nil)
    }

    @Test func isAVersion7UUID() {
        for id in ids(100) {
            #expect(id.high >> 12 & 0xF == 7)
            #expect(id.low >> 62 == 0b10)
            #expect(id.high >> 16 == UInt64(Self.day.microseconds / 1_000))
        }
    }

    @Test func tellsWhenItWasMade() {
        for microsecond in 0..<2_000 {
            let instant = Self.day.advanced(by: .microseconds(microsecond))
            #expect(ids(1, at: instant)[0].madeAt == instant)
        }
        #expect(TaskID(high: .max, low: .max).madeAt > Self.day)
    }

    @Test func isOrderedByTheMicrosecond() {
        let ids = (0..<2_000).map { self.ids(1, at: Self.day.advanced(by: .microseconds($0)))[0] }
        #expect(ids == ids.sorted())
    }

    @Test func isOrderedByTimeAndByText() {
        var random = SplitMix64(seed: 6)
        let ids = (0..<1_000).map { TaskID(at: Self.day.advanced(by: .milliseconds($0)), random: &random) }
        #expect(ids == ids.shuffled(using: &random).sorted())
        let texts = ids.map(\.description)
        #expect(texts == texts.sorted())
    }

    @Test(arguments: [Timestamp.distantPast, .distantFuture, Timestamp(microseconds: -1)])
    func survivesOddTimes(instant: Timestamp) {
        #expect(Set(ids(100, at: instant)).count == 100)
    }

    @Test func cannotBeGuessed() {
        let ids = ids(10_000)
        #expect(Set(ids).count == ids.count)
        var ones = [Int](repeating: 0, count: 128)
        for id in ids {
            for bit in 0..<64 {
                ones[bit] += Int(id.high >> UInt64(bit) & 1)
                ones[64 + bit] += Int(id.low >> UInt64(bit) & 1)
            }
        }
        let fair = ones.count { (4_700...5_300).contains($0) }
        #expect(fair >= 58, "58 bits are left to chance")
    }
}

@Suite("Lease tokens") struct LeaseTokenTests {
    @Test func readsWhatItWrote() {
        var random = SplitMix64(seed: 8)
        for _ in 0..<1_000 {
            let token = LeaseToken(random: &random)
            #expect(token.description.utf8.count == 32)
            #expect(LeaseToken(token.description) == token)
        }
        #expect(LeaseToken(high: 0x0123_4567_89AB_CDEF, low: 1).description == "0123456789abcdef0000000000000001")
    }

    @Test(arguments: [
        "", "0", "0123456789abcdef000000000000001", "0123456789abcdef00000000000000011",
        "0123456789abcdef-00000000000001", "g123456789abcdef0000000000000001", "0x23456789abcdef0000000000000001",
    ])
    func refusesEverythingElse(text: String) {
        #expect(LeaseToken(text) == nil)
    }

    @Test func isAllChance() {
        var random = SystemRandomNumberGenerator()
        let tokens = (0..<10_000).map { _ in LeaseToken(random: &random) }
        #expect(Set(tokens).count == tokens.count)
        #expect(Set(tokens.map(\.high)).count == tokens.count && Set(tokens.map(\.low)).count == tokens.count)
    }
}
