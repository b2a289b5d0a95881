import SojournCore
import SojournModel
import SojournTestKit
import SojournWorker
import Synchronization
import Testing

/// What stops an attempt, and what its end then means.
@Suite("Stopping attempts") struct StoppingTests {
    /// Waits for cancellation, as a cooperative handler does.
    private static func untilCancelled() async throws -> Outcome {
        await OneShot().wait()
        try Task.checkCancellation()
        return .succeeded()
    }

    @Test func aTimeLimitFailsTheAttempt() async throws {
        let time = ManualTime()
        let bench = Bench(time: time)
        let ids = try await bench.enqueue {
            $0.timeout = .seconds(5)
            $0.maxRetries = 0
        }
        let turnstile = Turnstile()
        try await bench.run { _ in
            turnstile.enter()
            return try await Self.untilCancelled()
        } _: { _ in
            try await eventually("it runs") { turnstile.passed == 1 }
            try await eventually("it is stopped") {
                time.advance(by: .seconds(1))
                return try await bench.record(ids[0]).status == .dead
            }
        }
        let record = try await bench.record(ids[0])
        #expect(record.lastError?.contains("time limit") == true)
    }

    @Test("a heartbeat that gets no answer does not hold up time limits")
    func aTimeLimitHoldsWhileAHeartbeatHangs() async throws {
        let time = ManualTime()
        let bench = Bench(time: time)
        let silence = OneShot()
        bench.source.state.withLock { $0.silence = silence }
        let ids = try await bench.enqueue {
            $0.timeout = .seconds(20)
            $0.maxRetries = 0
        }
        let configuration = WorkerConfiguration(concurrency: 1, leaseDuration: .seconds(30), name: "w")
        let turnstile = Turnstile()
        try await bench.run(configuration) { _ in
            turnstile.enter()
            return try await Self.untilCancelled()
        } _: { _ in
            try await eventually("it runs") { turnstile.passed == 1 }
            try await eventually("both halves of the watch sleep") { time.sleeping == 2 }
            time.advance(by: .seconds(10))
            try await eventually("a heartbeat hangs") { bench.source.state.withLock { !$0.heartbeats.isEmpty } }
            try await eventually("it is stopped") {
                time.advance(by: .seconds(1))
                return try await bench.record(ids[0]).status == .dead
            }
            silence.fire()
        }
        #expect(try await bench.record(ids[0]).lastError?.contains("time limit") == true)
    }

    /// On a connection that died in silence the lease would be over before the answer is given up.
    @Test func aHeartbeatWithoutAnAnswerIsTriedAgainInTime() async throws {
        let time = ManualTime()
        let bench = Bench(time: time)
        bench.source.state.withLock { $0.silence = OneShot() }
        let ids = try await bench.enqueue()
        let release = OneShot()
        let beats: @Sendable () -> Int = { bench.source.state.withLock { $0.heartbeats.values.max() ?? 0 } }
        let turnstile = Turnstile()
        try await bench.run(WorkerConfiguration(concurrency: 1, leaseDuration: .seconds(30), name: "w")) { _ in
            turnstile.enter()
            await release.wait()
            return .succeeded()
        } _: { _ in
            try await eventually("it runs, both halves of the watch sleep") {
                turnstile.passed == 1 && time.sleeping == 2
            }
            time.advance(by: .seconds(10))
            try await eventually("a heartbeat hangs") { beats() == 1 && time.sleeping == 2 }
            bench.source.state.withLock { $0.silence = nil }
            time.advance(by: .seconds(5))
            try await eventually("it is given up") {
                time.sleeping == 2 && bench.source.state.withLock { $0.openHeartbeats == 0 }
            }
            #expect(beats() == 1)
            time.advance(by: .seconds(1))
            try await eventually("it is tried again") { beats() == 2 }
            release.fire()
            try await bench.eventually(ids[0], is: .succeeded)
        }
    }

    @Test func heartbeatsKeepALongAttemptsLease() async throws {
        let time = ManualTime()
        let bench = Bench(time: time)
        let ids = try await bench.enqueue()
        let release = OneShot()
        let configuration = WorkerConfiguration(concurrency: 1, leaseDuration: .seconds(30), name: "w")
        let turnstile = Turnstile()
        try await bench.run(configuration, withDuties: true) { _ in
            turnstile.enter()
            await release.wait()
            return .succeeded()
        } _: { _ in
            try await eventually("it runs") { turnstile.passed == 1 }
            for beat in 1...9 {
                try await eventually("beat \(beat)") {
                    // The four duties and both halves of the watch: whoever sleeps has seen the clock where it stands.
                    let isQuiet = bench.source.state.withLock { $0.openHeartbeats == 0 }
                    if isQuiet, time.sleeping == 6 { time.advance(by: .milliseconds(500)) }
                    return bench.source.state.withLock { $0.heartbeats.values.max() ?? 0 } >= beat
                }
            }
            release.fire()
            try await bench.eventually(ids[0], is: .succeeded)
        }
        let record = try await bench.record(ids[0])
        #expect(record.attempts.count == 1, "three leases long, and nobody took it away")
    }

    @Test func aCancelledTaskStopsAtTheNextHeartbeat() async throws {
        let time = ManualTime()
        let bench = Bench(time: time)
        let ids = try await bench.enqueue()
        let configuration = WorkerConfiguration(concurrency: 1, leaseDuration: .seconds(30), name: "w")
        try await bench.run(configuration, handler: { _ in try await Self.untilCancelled() }) { _ in
            try await bench.eventually(ids[0], is: .running)
            #expect(try await bench.queue.store.cancel(ids) == [.requested])
            try await eventually("it is cancelled") {
                time.advance(by: .seconds(1))
                return try await bench.record(ids[0]).status == .cancelled
            }
        }
    }

    @Test func aLostLeaseStopsTheAttemptAndReportsNothing() async throws {
        let time = ManualTime()
        let bench = Bench(time: time)
        let ids = try await bench.enqueue()
        bench.source.state.withLock { $0.answersLost = true }
        let turnstile = Turnstile()
        try await bench.run(WorkerConfiguration(concurrency: 1, leaseDuration: .seconds(30), name: "w")) { _ in
            turnstile.enter()
            defer { turnstile.leave() }
            return try await Self.untilCancelled()
        } _: { _ in
            try await bench.eventually(ids[0], is: .running)
            try await eventually("it is stopped") {
                time.advance(by: .seconds(1))
                return turnstile.passed == 1 && turnstile.inside == 0
            }
        }
        #expect(bench.source.state.withLock { $0.reports.isEmpty })
    }

    @Test func shutdownLetsRunningAttemptsFinish() async throws {
        let bench = Bench()
        let ids = try await bench.enqueue()
        let release = OneShot()
        try await bench.run(WorkerConfiguration(concurrency: 1, drainTime: .seconds(30), name: "w")) { _ in
            await release.wait()
            return .succeeded()
        } _: { shutDown in
            try await bench.eventually(ids[0], is: .running)
            await shutDown()
            release.fire()
        }
        #expect(try await bench.record(ids[0]).status == .succeeded)
    }

    @Test(arguments: [true, false])
    func asynq_1015_release_does_not_burn_attempt(isCooperative: Bool) async throws {
        let bench = Bench()
        let ids = try await bench.enqueue { $0.maxRetries = 0 }
        let never = OneShot()
        try await bench.run(WorkerConfiguration(concurrency: 1, drainTime: .milliseconds(20), name: "w")) { _ in
            if isCooperative { return try await Self.untilCancelled() }
            await withTaskCancellationShield { await never.wait() }
            return .succeeded()
        } _: { shutDown in
            try await bench.eventually(ids[0], is: .running)
            await shutDown()
        }
        let record = try await bench.record(ids[0])
        #expect(record.status == .queued)
        #expect(record.message.attempt == 0)
        never.fire()
    }

    @Test func whileItDrainsNothingNewIsClaimed() async throws {
        let bench = Bench()
        let first = try await bench.enqueue()
        let release = OneShot()
        var second: [TaskID] = []
        try await bench.run(WorkerConfiguration(concurrency: 2, drainTime: .seconds(30), name: "w")) { _ in
            await release.wait()
            return .succeeded()
        } _: { shutDown in
            try await bench.eventually(first[0], is: .running)
            try await eventually("it asks for its other slot") {
                bench.source.state.withLock { $0.requests.count == 2 && $0.openClaims == 1 }
            }
            await shutDown()
            try await eventually("it stops asking") { bench.source.state.withLock { $0.openClaims == 0 } }
            second = try await bench.enqueue()
            release.fire()
        }
        #expect(try await bench.record(first[0]).status == .succeeded)
        #expect(try await bench.record(second[0]).status == .queued)
    }

    @Test func cancellationEndsAWorkerWhoseSlotsAreAllBusy() async throws {
        let bench = Bench()
        let ids = try await bench.enqueue()
        var handlers = HandlerRegistry()
        handlers.register(Bench.type) { _, _ in try await Self.untilCancelled() }
        let worker = Worker(
            source: bench.source, handlers: handlers,
            configuration: WorkerConfiguration(concurrency: 1, drainTime: .zero, name: "w"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            try await bench.eventually(ids[0], is: .running)
            group.cancelAll()
        }
        #expect(try await bench.record(ids[0]).status == .queued)
    }

    @Test func bullmq_3183_a_handler_that_never_yields_keeps_its_lease() async throws {
        let bench = Bench()
        let ids = try await bench.enqueue(2)
        let configuration = WorkerConfiguration(concurrency: 2, leaseDuration: .seconds(1), name: "w")
        try await bench.run(configuration) { _ in
            let time = SystemTime()
            let end = time.now().advanced(by: .seconds(2))
            while time.now() < end {}
            return .succeeded()
        } _: { _ in
            for id in ids { try await bench.eventually(id, is: .succeeded) }
        }
        let beats = bench.source.state.withLock { $0.heartbeats.values.max() ?? 0 }
        #expect(beats >= 3, "a two-second attempt on a one-second lease")
    }

    @Test func whatIsOnItsWayWhenAWorkerLeavesArrives() async throws {
        let bench = Bench()
        bench.source.state.withLock { $0.isDistant = true }
        let ids = try await bench.enqueue(3)
        let configuration = WorkerConfiguration(concurrency: 4, name: "w")
        try await bench.run(configuration, handler: { _ in .succeeded() }) { _ in
            try await eventually("it waits") { bench.source.state.withLock { $0.openClaims } == 1 }
        }
        #expect(bench.source.state.withLock { $0.leaves } >= 1)
        for id in ids {
            let record = try await bench.record(id)
            #expect(record.status == .succeeded && record.attempts.count == 1)
        }
    }

    @Test func aSourceThatAnswersNothingIsNotWaitedForLong() async throws {
        let bench = Bench()
        bench.source.state.withLock {
            $0.isDistant = true
            $0.isDeaf = true
        }
        let start = ContinuousClock.now
        let configuration = WorkerConfiguration(concurrency: 4, drainTime: .seconds(5), name: "w")
        try await bench.run(configuration, handler: { _ in .succeeded() }) { _ in
            try await eventually("it waits") { bench.source.state.withLock { $0.openClaims } == 1 }
        }
        #expect(bench.source.state.withLock { $0.leaves } > 1, "it may have asked too early")
        #expect(ContinuousClock.now - start > .seconds(1))
        #expect(bench.source.state.withLock { $0.openClaims } == 0)
    }
}

/// Runs `body` as if nobody had cancelled the surrounding task: a handler that does not listen.
private func withTaskCancellationShield(_ body: @escaping @Sendable () async -> Void) async {
    await Task { await body() }.value
}
