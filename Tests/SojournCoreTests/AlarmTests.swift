import SojournCore
import SojournModel
import SojournTestKit
import Synchronization
import Testing

@Suite("Alarms", .timeLimit(.minutes(1))) struct AlarmTests {
    @Test("ring in the order of their time, whatever the order in which they were set")
    func order() async throws {
        let time = SystemTime()
        let rung = Mutex<[Int]>([])
        let start = time.now()
        let alarms = [40, 10, 30, 20, 50].map { milliseconds in
            time.alarm(at: start.advanced(by: .milliseconds(milliseconds))) {
                rung.withLock { $0.append(milliseconds) }
            }
        }
        try await eventually("all have rung") { rung.withLock { $0.count } == 5 }
        #expect(rung.withLock { $0 } == [10, 20, 30, 40, 50])
        #expect(time.now() >= start.advanced(by: .milliseconds(50)))
        withExtendedLifetime(alarms) {}
    }

    @Test("ring at once where their time has passed, and never when they are off")
    func edges() async throws {
        let time = SystemTime()
        let past = Counter()
        let dropped = Counter()
        let kept = Counter()
        let soon = time.now().advanced(by: .milliseconds(20))
        let alarms = [
            time.alarm(at: .distantPast) { past.increment() }, time.alarm(at: soon) { kept.increment() },
            time.alarm(at: .distantFuture) { dropped.increment() },
        ]
        // Each has longer than a busy machine may keep us from turning it off.
        for _ in 0..<5_000 { _ = time.alarm(at: time.now().advanced(by: .milliseconds(200))) { dropped.increment() } }
        try await eventually("the others have rung") { past.value == 1 && kept.value == 1 }
        try await time.sleep(for: .milliseconds(250))
        #expect(dropped.value == 0)
        withExtendedLifetime(alarms) {}
    }

    @Test("a thousand sleeps end in time, the cancelled ones at once")
    func sleeps() async throws {
        let time = SystemTime()
        let ends = try await withThrowingTaskGroup(of: Duration.self) { group in
            let start = time.now()
            for index in 0..<1_000 {
                group.addTask {
                    try await time.sleep(for: .milliseconds(index % 50))
                    let passed = time.now().duration(since: start)
                    #expect(passed >= .milliseconds(index % 50))
                    return passed
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ends.count == 1_000)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    await #expect(throws: CancellationError.self) { try await time.sleep(for: .seconds(3_600)) }
                }
            }
            group.cancelAll()
        }
    }

    @Test("of a clock that is moved ring when it has passed them")
    func manual() {
        let time = ManualTime()
        let rung = Mutex<[Int]>([])
        let alarms = [3, 1, 2].map { seconds in
            time.alarm(at: time.now().advanced(by: .seconds(seconds))) { rung.withLock { $0.append(seconds) } }
        }
        _ = time.alarm(at: time.now().advanced(by: .seconds(1))) { rung.withLock { $0.append(-1) } }
        #expect(time.sleeping == 3)
        time.advance(by: .seconds(2))
        #expect(rung.withLock { $0 } == [1, 2])
        let late = time.alarm(at: time.now()) { rung.withLock { $0.append(9) } }
        #expect(rung.withLock { $0 } == [1, 2, 9])
        withExtendedLifetime((alarms, late)) {}
    }
}
