import SojournCore
import SojournModel
import SojournTestKit
import Testing

@Suite("One shot", .timeLimit(.minutes(1))) struct OneShotTests {
    @Test func whatHasHappenedIsNotWaitedFor() async {
        let shot = OneShot()
        shot.fire()
        shot.fire()
        await shot.wait()
    }

    @Test func wakesItsWaiter() async throws {
        let shot = OneShot()
        let done = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await shot.wait()
                done.increment()
            }
            for _ in 0..<100 { await Task.yield() }
            #expect(done.value == 0)
            shot.fire()
            try await eventually("the waiter returns") { done.value == 1 }
        }
    }

    @Test func cancellationEndsTheWait() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await OneShot().wait() }
            group.addTask { await OneShot().wait(until: .distantFuture, on: ManualTime()) }
            group.cancelAll()
        }
    }

    @Test func comesBackAtItsInstant() async throws {
        let time = ManualTime()
        let end = time.now().advanced(by: .seconds(5))
        let done = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await OneShot().wait(until: end, on: time)
                done.increment()
            }
            try await eventually("it sleeps") { time.sleeping == 1 }
            time.advance(by: .milliseconds(4_999))
            for _ in 0..<100 { await Task.yield() }
            #expect(done.value == 0)
            time.advance(by: .milliseconds(1))
            try await group.waitForAll()
        }
        #expect(time.sleeping == 0)
    }

    @Test func anInstantThatIsOverIsNotWaitedFor() async {
        let time = ManualTime()
        await OneShot().wait(until: time.now(), on: time)
        await OneShot().wait(until: .distantPast, on: time)
    }

    @Test func leavesNoSleeperBehind() async throws {
        let time = ManualTime()
        let shot = OneShot()
        async let waited: Void = shot.wait(until: .distantFuture, on: time)
        try await eventually("it sleeps") { time.sleeping == 1 }
        shot.fire()
        await waited
        #expect(time.sleeping == 0)
    }

    @Test func noWakeUpIsLost() async {
        for _ in 0..<2_000 {
            let shot = OneShot()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await shot.wait() }
                group.addTask { shot.fire() }
            }
        }
    }
}
