import SojournCore
import SojournModel
import Testing

@Suite("What stores keep of an outcome") struct StoredOutcomeTests {
    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("a\0b", "a\u{FFFD}b"), ("\0\0", "\u{FFFD}\u{FFFD}"), ("ä\n😀", "ä\n😀"),
    ])
    func textsLoseTheirNULs(text: String, kept: String) {
        #expect(Outcome.failed(Failure(text)).storedError == kept)
        #expect(Outcome.discarded(reason: text).storedError == kept)
    }

    @Test(arguments: ["a", "ä", "€", "😀", "\0"], [0, 1, 2, 3])
    func textsAreCutBetweenTwoCharacters(character: String, offset: Int) throws {
        let text = String(repeating: "x", count: offset) + String(repeating: character, count: Limits.errorBytes)
        let kept = try #require(Outcome.failed(Failure(text)).storedError)
        #expect(kept.utf8.count <= Limits.errorBytes)
        #expect(kept.utf8.count > Limits.errorBytes - 4)
        let expected = character == "\0" ? "\u{FFFD}" : character
        #expect(kept.dropFirst(offset).allSatisfy { String($0) == expected })
    }

    @Test func aTextOfExactlyTheLimitIsKept() {
        let text = String(repeating: "x", count: Limits.errorBytes)
        #expect(Outcome.failed(Failure(text)).storedError == text)
    }

    @Test func mostOutcomesHaveNoError() {
        for outcome in [Outcome.succeeded(), .snoozed(.zero), .cancelled, .interrupted, .breakerOpen(.zero)] {
            #expect(outcome.storedError == nil, "\(outcome.name)")
        }
        #expect(Outcome.leaseExpired.storedError?.isEmpty == false)
    }

    @Test func aResultIsKeptWholeOrNotAtAll() {
        let longest = [UInt8](repeating: 1, count: Limits.resultBytes)
        #expect(Outcome.succeeded(result: longest).storedResult == longest)
        #expect(Outcome.succeeded(result: longest + [1]).storedResult == nil)
        #expect(Outcome.succeeded(result: []).storedResult == [])
        #expect(Outcome.succeeded().storedResult == nil)
        #expect(Outcome.failed(Failure("x")).storedResult == nil)
    }
}
