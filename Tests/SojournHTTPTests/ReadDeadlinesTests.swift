#if HTTP
import NIOCore
@testable import SojournHTTP
import Testing

@Suite("Read deadlines") struct ReadDeadlinesTests {
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

    @Test func aConnectionWithoutARequestHasNone() {
        let deadlines = ReadDeadlines(head: .seconds(10), body: .seconds(30))
        #expect(deadlines.deadline == nil && !deadlines.isOver(now: at(1_000)))
    }

    @Test func theFirstByteStartsTheClockAndMoreBytesDoNotRestartIt() {
        var deadlines = ReadDeadlines(head: .seconds(10), body: .seconds(30))
        deadlines.bytesRead(now: at(0))
        deadlines.bytesRead(now: at(9))
        #expect(!deadlines.isOver(now: at(9)) && deadlines.isOver(now: at(10)))
    }

    @Test func theBodyHasATimeOfItsOwn() {
        var deadlines = ReadDeadlines(head: .seconds(10), body: .seconds(30))
        deadlines.bytesRead(now: at(0))
        deadlines.headRead(now: at(8))
        deadlines.bytesRead(now: at(20))
        #expect(!deadlines.isOver(now: at(37)) && deadlines.isOver(now: at(38)))
        deadlines.endRead()
        #expect(!deadlines.isOver(now: at(100)))
    }

    @Test func whenTheServerStopsItIsSooner() {
        var deadlines = ReadDeadlines(head: .seconds(10), body: .seconds(30))
        deadlines.hurry(until: at(3))
        #expect(deadlines.deadline == nil, "nothing is being read")
        deadlines.bytesRead(now: at(0))
        deadlines.hurry(until: at(9))
        #expect(!deadlines.isOver(now: at(2)) && deadlines.isOver(now: at(3)))
        deadlines.headRead(now: at(1))
        #expect(!deadlines.isOver(now: at(2)) && deadlines.isOver(now: at(3)), "neither later, nor for what follows")
    }

    @Test func anEarlierRequestExcusesALaterOne() {
        var deadlines = ReadDeadlines(head: .seconds(10), body: .seconds(30))
        deadlines.headRead(now: at(0))
        deadlines.endRead()
        deadlines.bytesRead(now: at(1))
        #expect(!deadlines.isOver(now: at(60)), "the first one is being answered, so nobody reads the second")
        deadlines.answered(now: at(60))
        #expect(!deadlines.isOver(now: at(69)) && deadlines.isOver(now: at(70)))
    }

    @Test func aBodyIsNotExcusedByItself() {
        var deadlines = ReadDeadlines(head: .seconds(10), body: .seconds(30))
        deadlines.headRead(now: at(0))
        #expect(deadlines.isOver(now: at(30)))
        deadlines.endRead()
        deadlines.headRead(now: at(31))
        #expect(!deadlines.isOver(now: at(100)), "two unanswered requests: the first one excuses the second")
    }
}
#endif
