#if Postgres
@testable import PQ
import Testing

@Suite("Parts") struct PartTests {
    @Test func theBackoffGrowsToItsCap() {
        let backoff = Backoff()
        #expect(backoff.delay(failures: 1, chance: 1) == .milliseconds(50))
        #expect(backoff.delay(failures: 1, chance: 0) == .milliseconds(25))
        #expect(backoff.delay(failures: 2, chance: 1) == .milliseconds(100))
        #expect(backoff.delay(failures: .max, chance: 1) == .seconds(2))
        #expect(backoff.delay(failures: .min, chance: 7) == .milliseconds(50))
    }

    @Test func aLineKeepsItsOrder() {
        var line = WaitLine<Int>()
        let tickets = (0..<5_000).map { number in
            let ticket = line.newTicket()
            line.join(number, ticket: ticket)
            return ticket
        }
        for number in stride(from: 0, to: 5_000, by: 2) { #expect(line.leave(tickets[number]) == number) }
        #expect(line.leave(tickets[0]) == nil && line.count == 2_500)
        var seen: [Int] = []
        while let number = line.next() { seen.append(number) }
        #expect(seen == Array(stride(from: 1, to: 5_000, by: 2)))
        #expect(line.next() == nil && line.count == 0)
    }

    @Test(
        arguments: [
            (
                "connection to server at \"h\" (1.2.3.4), port 5 failed: FATAL:  28P01: password authentication "
                    + "failed\nLOCATION:  auth_failed, auth.c:338\n", "28P01",
                "connection to server at \"h\" (1.2.3.4), port 5 failed: FATAL: password authentication failed"
            ),
            ("refused\n\tIs the server running on that host?\n", nil, "refused"), ("", nil, "There is no connection."),
            ("FATAL:  nothing", nil, "FATAL:  nothing"),
        ] as [(String, String?, String)])
    func refusals(words: String, state: String?, message: String) {
        let refusal = Refusal(words)
        #expect(refusal.sqlState == state && refusal.message == message)
    }

    @Test func durations() {
        #expect(Duration.seconds(Int64.max).nanoseconds == .max)
        #expect(Duration.milliseconds(3).nanoseconds == 3_000_000)
        #expect(Moment(nanoseconds: 5) + .nanoseconds(-9) == Moment(nanoseconds: 5))
    }
}
#endif
