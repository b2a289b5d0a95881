import SojournCore
import SojournModel
import SojournTestKit
import Testing

@Suite("Mailbox", .timeLimit(.minutes(1))) struct MailboxTests {
    @Test func whatIsThereIsTakenAtOnceOldestFirst() async {
        let box = Mailbox<Int>()
        for value in 1...5 { box.send(value) }
        #expect(await box.take(upTo: 3) == [1, 2, 3])
        #expect(await box.take(upTo: 3) == [4, 5])
    }

    @Test func theReceiverWaitsForTheFirst() async throws {
        let box = Mailbox<Int>()
        async let taken = box.take(upTo: 9)
        for _ in 0..<50 { await Task.yield() }
        box.send(7)
        #expect(await taken == [7])
    }

    @Test func theEndComesAfterWhatIsLeft() async {
        let box = Mailbox<Int>()
        box.send(1)
        box.finish()
        box.send(2)
        #expect(await box.take(upTo: 1) == [1])
        #expect(await box.take(upTo: 1) == [2])
        #expect(await box.take(upTo: 1) == nil)
        #expect(await box.take(upTo: 1) == nil)
    }

    @Test func theEndWakesTheReceiver() async {
        let box = Mailbox<Int>()
        async let taken = box.take(upTo: 9)
        for _ in 0..<50 { await Task.yield() }
        box.finish()
        #expect(await taken == nil)
    }

    @Test func underStressNothingIsLostOrDoubled() async {
        let box = Mailbox<Int>()
        let received = await withTaskGroup(of: [Int].self) { group in
            group.addTask {
                var received: [Int] = []
                while received.count < 4_000, let values = await box.take(upTo: 64) {
                    received += values
                }
                return received
            }
            for sender in 0..<4 {
                group.addTask {
                    for value in 0..<1_000 {
                        box.send(sender * 1_000 + value)
                        if value % 16 == 0 { await Task.yield() }
                    }
                    return []
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(received.sorted() == Array(0..<4_000))
        for sender in 0..<4 {
            let mine = received.filter { $0 / 1_000 == sender }
            #expect(mine == mine.sorted(), "each sender's values keep their order")
        }
    }
}

@Suite("Backoff") struct BackoffTests {
    @Test func waitsLongerEachTimeUpToItsCap() {
        var backoff = Backoff(base: .milliseconds(100), cap: .seconds(1))
        for most in [100, 200, 400, 800, 1_000, 1_000] {
            let wait = backoff.next()
            #expect(wait <= .milliseconds(most) && wait >= .milliseconds(most) / 2)
        }
    }

    @Test func startsOverAfterASuccess() {
        var backoff = Backoff(base: .milliseconds(100), cap: .seconds(60))
        for _ in 0..<8 { _ = backoff.next() }
        backoff.reset()
        #expect(backoff.next() <= .milliseconds(100))
    }
}
