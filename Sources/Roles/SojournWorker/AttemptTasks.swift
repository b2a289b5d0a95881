import SojournCore
import SojournModel
import Synchronization

/// Runs attempts side by side, and can stop each of them alone.
///
/// The one place with unstructured tasks: a child of a task group cannot be cancelled by itself, and racing every
/// handler against a signal would cost two more tasks per attempt. Nothing escapes: ``drained(until:on:)`` waits for
/// all of them.
final class AttemptTasks: Sendable {
    typealias Book = AttemptBook<Task<Void, Never>>
    private struct State {
        var book = Book()
        var whenEmpty: [OneShot] = []
    }
    private let state = Mutex(State())
    private let executor: (any TaskExecutor)?

    /// Attempts run on `executor`; without one, on the shared pool.
    init(executor: (any TaskExecutor)? = nil) { self.executor = executor }

    /// Attempts that run now.
    var count: Int { state.withLock { $0.book.count } }

    /// Starts an attempt; `runner` runs it and reports what came of it.
    func start(_ attempt: Attempt, _ runner: AttemptRunner) {
        state.withLock { state in
            // Its end needs the lock too, so it comes after the beginning.
            let task = Task(executorPreference: executor) {
                let outcome = await runner.run(attempt)
                self.finish(attempt.token) { entry in runner.report(attempt, outcome, entry.cause) }
            }
            state.book.begin(attempt, task)
        }
    }

    /// Tells an attempt to stop; it ends when its handler returns.
    func stop(_ token: LeaseToken, because cause: StopCause) {
        state.withLock { $0.book.stop(token, because: cause) }?.cancel()
    }

    /// Tells all attempts to stop.
    func stopAll(because cause: StopCause) {
        for token in state.withLock({ $0.book.tokens }) { stop(token, because: cause) }
    }

    /// Gives up on attempts whose handlers do not return: reports of them are made without them.
    func abandonAll(_ end: (Book.Entry) -> Void) {
        for token in state.withLock({ $0.book.tokens }) { finish(token, end) }
    }

    /// Leases that need a heartbeat.
    var leases: [Lease] { state.withLock { $0.book.leases } }

    /// Attempts whose time is up, and when the next one's will be.
    func overdue(at now: Timestamp) -> (tokens: [LeaseToken], next: Timestamp?) {
        state.withLock { $0.book.overdue(at: now) }
    }

    /// Returns when no attempt runs, at `instant` at the latest.
    func drained(until instant: Timestamp, on time: any TimeSource) async {
        let signal = OneShot()
        let isEmpty = state.withLock { state in
            if !state.book.isEmpty { state.whenEmpty.append(signal) }
            return state.book.isEmpty
        }
        if !isEmpty { await signal.wait(until: instant, on: time) }
    }

    /// Whoever takes the entry out reports the attempt, and nobody else.
    private func finish(_ token: LeaseToken, _ end: (Book.Entry) -> Void) {
        guard let entry = state.withLock({ $0.book.end(token) }) else { return }
        end(entry)
        let signals = state.withLock { state in
            guard state.book.isEmpty else { return [OneShot]() }
            defer { state.whenEmpty = [] }
            return state.whenEmpty
        }
        for signal in signals { signal.fire() }
    }
}
