import SojournCore
import SojournModel
import SojournTestKit
import Testing

@Suite("Bell", .timeLimit(.minutes(1))) struct BellTests {
    private let time = ManualTime()
    private let bell = Bell()

    private func after(_ seconds: Int) -> Timestamp { time.now().advanced(by: .seconds(seconds)) }

    /// Waits until the bell's sleeper sleeps, moves the clock and gives back when the wait was over.
    private func end(of instant: Timestamp, _ body: () async throws -> Void) async throws -> Timestamp {
        async let waited: Void = bell.wait(until: instant, on: time)
        try await eventually("it sleeps") { time.sleeping == 1 }
        try await body()
        await waited
        return time.now()
    }

    @Test func ringsAtItsInstant() async throws {
        let end = after(10)
        #expect(try await self.end(of: end) { time.advance(by: .seconds(10)) } == end)
    }

    @Test func anInstantThatIsOverIsNotWaitedFor() async {
        await bell.wait(until: time.now(), on: time)
        await bell.wait(until: .distantPast, on: time)
    }

    @Test func whoAsksForEarlierIsHeard() async throws {
        let early = after(3)
        let end = try await end(of: after(3_600)) {
            bell.ring(at: early)
            try await moveOn(to: early)
        }
        #expect(end == early)
    }

    @Test func whoAsksForLaterChangesNothing() async throws {
        let (first, late) = (after(5), after(9))
        let end = try await end(of: first) {
            bell.ring(at: late)
            try await moveOn(to: first)
        }
        #expect(end == first)
    }

    @Test func aWishFromBeforeTheWaitIsKept() async throws {
        let early = after(2)
        bell.ring(at: after(4))
        bell.ring(at: early)
        bell.ring(at: after(3))
        let end = try await end(of: .distantFuture) { try await moveOn(to: early) }
        #expect(end == early)
    }

    @Test func isSilentAgainAfterwards() async throws {
        bell.ring(at: time.now())
        await bell.wait(until: .distantFuture, on: time)
        let later = after(60)
        let end = try await end(of: later) { try await moveOn(to: later) }
        #expect(end == later)
    }

    @Test func cancellationEndsTheWait() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.wait(until: .distantFuture, on: time) }
            group.cancelAll()
        }
        #expect(time.sleeping == 0)
    }

    @Test func theEndOfTimeIsNoTrap() async throws {
        let system = SystemTime()
        async let waited: Void = bell.wait(until: .distantFuture, on: system)
        bell.ring(at: system.now().advanced(by: .milliseconds(5)))
        await waited
    }

    /// Moves the clock to `instant` in steps, as the sleeper lies down anew after each ring.
    private func moveOn(to instant: Timestamp) async throws {
        while time.now() < instant {
            try await eventually("it sleeps") { time.sleeping == 1 }
            time.advance(by: .milliseconds(500))
        }
    }
}
