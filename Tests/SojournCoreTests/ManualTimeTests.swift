import SojournCore
import SojournModel
import SojournTestKit
import Testing

@Suite("Manual time", .timeLimit(.minutes(1))) struct ManualTimeTests {
    @Test func standsUntilMoved() {
        let start = Timestamp(microseconds: 7)
        let time = ManualTime(start: start)
        #expect(time.now() == start)
        time.advance(by: .seconds(3))
        #expect(time.now() == start.advanced(by: .seconds(3)))
        #expect(ManualTime().now() == ManualTime().now())
    }

    @Test func wakesThoseWhoseTimeHasCome() async throws {
        let time = ManualTime()
        let woken = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seconds in [1, 2, 3, 60] {
                group.addTask {
                    try await time.sleep(for: .seconds(seconds))
                    woken.increment()
                }
            }
            try await eventually("all sleep") { time.sleeping == 4 }
            time.advance(by: .seconds(2))
            #expect(time.sleeping == 2)
            try await eventually("two are awake") { woken.value == 2 }
            time.advance(by: .seconds(58))
            try await group.waitForAll()
        }
        #expect(woken.value == 4)
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func noTimeIsNotSlept(duration: Duration) async throws {
        try await ManualTime().sleep(for: duration)
        let time = ManualTime()
        try await time.sleep(until: time.now().advanced(by: duration))
    }

    @Test func cancellationWakes() async throws {
        let time = ManualTime()
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await time.sleep(for: .seconds(1))
                    return false
                } catch { return error is CancellationError }
            }
            group.cancelAll()
            #expect(await group.next() == true)
        }
        #expect(time.sleeping == 0)
    }

    @Test func theEndOfTimeIsNoTrap() {
        let time = ManualTime(start: .distantFuture)
        time.advance(by: .seconds(1))
        #expect(time.now() == .distantFuture)
    }
}

@Suite("System time", .timeLimit(.minutes(1))) struct SystemTimeTests {
    @Test func goesOnAndNeverBack() async throws {
        let time = SystemTime()
        var last = time.now()
        #expect(last > Timestamp(microseconds: 1_700_000_000_000_000), "it is later than 2023")
        for _ in 0..<1_000 {
            let now = time.now()
            #expect(now >= last)
            last = now
        }
        try await time.sleep(until: last.advanced(by: .milliseconds(2)))
        #expect(time.now() >= last.advanced(by: .milliseconds(2)))
    }
}
