import SojournCore
import SojournModel
import SojournTestKit
import Synchronization
import Testing

@Suite("Store time", .timeLimit(.minutes(1))) struct StoreTimeTests {
    /// A store whose clock is `ahead`, and that takes `delay` on the way there and again on the way back.
    private final class Store: Sendable {
        let time: ManualTime
        private let settings: Mutex<(ahead: Duration, delays: [Duration], questions: Int)>

        init(_ time: ManualTime, ahead: Duration, delays: [Duration] = []) {
            self.time = time
            settings = Mutex((ahead, delays, 0))
        }

        var questions: Int { settings.withLock { $0.questions } }

        func set(ahead: Duration) { settings.withLock { $0.ahead = ahead } }

        @Sendable func ask() async throws(BackendError) -> Timestamp {
            let (ahead, delay) = settings.withLock { settings in
                settings.questions += 1
                return (settings.ahead, settings.delays.isEmpty ? .zero : settings.delays.removeFirst())
            }
            time.advance(by: delay)
            let instant = time.now().advanced(by: ahead)
            time.advance(by: delay)
            return instant
        }
    }

    /// What the clock lacks against its base.
    private func offset(_ clock: StoreTime, _ base: ManualTime) -> Duration { clock.now().duration(since: base.now()) }

    /// Lets `clock` follow while `body` runs.
    private func following(_ clock: StoreTime, _ store: Store, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await clock.follow(store.ask) }
            try await eventually("it follows") { store.time.sleeping == 1 }
            try await body()
            group.cancelAll()
        }
    }

    /// Moves on by a minute, and waits until the store has been asked once more.
    private func minute(_ store: Store) async throws {
        let before = store.questions
        store.time.advance(by: .seconds(60))
        try await eventually("the store is asked") { store.questions > before && store.time.sleeping == 1 }
    }

    @Test func isItsBaseWithoutAStore() {
        let base = ManualTime()
        let clock = StoreTime(base: base)
        #expect(offset(clock, base) == .zero)
        base.advance(by: .seconds(3_600))
        #expect(offset(clock, base) == .zero)
    }

    @Test(arguments: [Duration.seconds(5), .seconds(-5), .seconds(86_400), .milliseconds(-1)])
    func takesTheClockOfTheStore(_ ahead: Duration) async throws {
        let base = ManualTime()
        let clock = StoreTime(base: base)
        try await clock.take(Store(base, ahead: ahead).ask)
        #expect(offset(clock, base) == ahead)
    }

    @Test func believesTheQuickestAnswer() async throws {
        let base = ManualTime()
        let clock = StoreTime(base: base)
        try await clock.take(Store(base, ahead: .seconds(5), delays: [.seconds(1), .milliseconds(2), .seconds(3)]).ask)
        #expect(offset(clock, base) == .seconds(5))
    }

    @Test func twoProcessesAgree() async throws {
        // Each has a base of its own: 30 seconds ahead and 40 behind the store.
        let store = ManualTime()
        let bases = [Duration.seconds(30), .seconds(-40)].map { ManualTime(start: store.now().advanced(by: $0)) }
        let clocks = bases.map { StoreTime(base: $0) }
        for clock in clocks { try await clock.take { () throws(BackendError) in store.now() } }
        #expect(clocks[0].now() == store.now())
        #expect(clocks[0].now() == clocks[1].now())
    }

    @Test func aRefusalIsThrown() async {
        let clock = StoreTime(base: ManualTime())
        await #expect(throws: BackendError.self) {
            try await clock.take { () throws(BackendError) in throw BackendError(.unavailable, "away") }
        }
    }

    @Test(arguments: [Duration.seconds(1), .seconds(-1)])
    func spreadsACorrection(_ change: Duration) async throws {
        let base = ManualTime()
        let clock = StoreTime(base: base)
        let store = Store(base, ahead: .seconds(10))
        try await clock.take(store.ask)
        try await following(clock, store) {
            store.set(ahead: .seconds(10) + change)
            try await minute(store)
            #expect(offset(clock, base) == .seconds(10))
            var last = clock.now()
            for step in 1...12 {
                base.advance(by: .seconds(1))
                #expect(clock.now() > last)
                last = clock.now()
                #expect(offset(clock, base) == .seconds(10) + change * min(step, 10) / 10)
            }
        }
    }

    @Test func staysWhereTheAnswerLeavesRoom() async throws {
        let base = ManualTime()
        let clock = StoreTime(base: base)
        // The store is 80 ms ahead now, but a question that takes 200 ms cannot tell that from nothing.
        let store = Store(base, ahead: .zero, delays: [.zero, .zero, .zero, .milliseconds(100)])
        try await clock.take(store.ask)
        try await following(clock, store) {
            store.set(ahead: .milliseconds(80))
            try await minute(store)
            base.advance(by: .seconds(30))
            #expect(offset(clock, base) == .zero)
            try await minute(store)
            base.advance(by: .seconds(30))
            #expect(offset(clock, base) == .milliseconds(80))
        }
    }

    @Test func aStoreThatIsAwayIsAskedAgain() async throws {
        let base = ManualTime()
        let clock = StoreTime(base: base)
        let questions = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await clock.follow { () throws(BackendError) in
                    questions.increment()
                    if questions.value == 1 { throw BackendError(.unavailable, "away") }
                    return base.now().advanced(by: .seconds(1))
                }
            }
            for count in 1...2 {
                try await eventually("it sleeps") { base.sleeping == 1 }
                base.advance(by: .seconds(60))
                try await eventually("the store is asked") { questions.value == count }
            }
            try await eventually("it sleeps") { base.sleeping == 1 }
            base.advance(by: .seconds(20))
            #expect(offset(clock, base) == .seconds(1))
            group.cancelAll()
        }
    }

    /// The store's clock jumps: those who run follow slowly, and one that starts is there at once.
    @Test func aJumpOfTheStoreIsFollowedSlowly() async throws {
        let base = ManualTime()
        let (old, new) = (StoreTime(base: base), StoreTime(base: base))
        let store = Store(base, ahead: .zero)
        try await old.take(store.ask)
        try await following(old, store) {
            store.set(ahead: .seconds(30))
            try await minute(store)
            try await new.take(store.ask)
            #expect(new.now().duration(since: old.now()) == .seconds(30))
            base.advance(by: .seconds(299))
            #expect(new.now().duration(since: old.now()) == .milliseconds(100))
        }
    }

    @Test func turnsBackInTheMiddleOfACorrection() async throws {
        let base = ManualTime()
        let clock = StoreTime(base: base)
        let store = Store(base, ahead: .zero)
        try await clock.take(store.ask)
        try await following(clock, store) {
            store.set(ahead: .seconds(60))
            try await minute(store)
            store.set(ahead: .zero)
            try await minute(store)
            #expect(offset(clock, base) == .seconds(6), "a tenth of a minute")
            base.advance(by: .seconds(30))
            #expect(offset(clock, base) == .seconds(3))
            base.advance(by: .seconds(31))
            #expect(offset(clock, base) == .zero)
        }
    }

    @Test(arguments: [Timestamp.distantPast, .distantFuture])
    func absurdAnswersDoNoHarm(_ answer: Timestamp) async throws {
        let base = ManualTime()
        let clock = StoreTime(base: base)
        try await clock.take { () throws(BackendError) in answer }
        let now = clock.now()
        base.advance(by: .seconds(1))
        #expect(clock.now() >= now)
        withExtendedLifetime(clock.alarm(at: now) {}) {}
    }

    /// The alarm was set for a clock that then goes slower.
    @Test func sleepsUntilItsInstantWhateverChanges() async throws {
        let base = ManualTime()
        let clock = StoreTime(base: base)
        let store = Store(base, ahead: .zero)
        try await clock.take(store.ask)
        let woken = Counter()
        let end = clock.now().advanced(by: .seconds(62))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await clock.follow(store.ask) }
            group.addTask {
                try await clock.sleep(until: end)
                woken.increment()
            }
            try await eventually("both sleep") { base.sleeping == 2 }
            store.set(ahead: .seconds(-1))
            base.advance(by: .seconds(60))
            try await eventually("the store is asked") { store.questions == 4 && base.sleeping == 2 }
            base.advance(by: .seconds(2))
            try await eventually("it sleeps on") { base.sleeping == 2 }
            #expect(woken.value == 0 && clock.now() < end)
            base.advance(by: .milliseconds(250))
            try await eventually("it wakes") { woken.value == 1 }
            #expect(clock.now() >= end)
            group.cancelAll()
        }
    }

    /// An alarm rings when this clock has come to its instant, neither before nor a millisecond later, while the clock
    /// changes and afterwards.
    @Test(arguments: [Duration.seconds(1), .seconds(-1), .zero], [Duration.seconds(4), .seconds(25)])
    func alarmsRingByThisClock(_ change: Duration, _ wait: Duration) async throws {
        let base = ManualTime()
        let clock = StoreTime(base: base)
        let store = Store(base, ahead: .seconds(-10))
        try await clock.take(store.ask)
        try await following(clock, store) {
            store.set(ahead: .seconds(-10) + change)
            try await minute(store)
            base.advance(by: .seconds(2))
            let instant = clock.now().advanced(by: wait)
            let rung = Counter()
            let alarm = clock.alarm(at: instant) { rung.increment() }
            while clock.now() < instant.advanced(by: .milliseconds(-1)) {
                #expect(rung.value == 0)
                base.advance(by: .milliseconds(1))
            }
            base.advance(by: .milliseconds(3))
            #expect(rung.value == 1)
            withExtendedLifetime(alarm) {}
        }
    }
}
