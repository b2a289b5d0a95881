public import SojournModel
import Synchronization

/// A clock that moves only when told to, for tests: `sleep` returns when `advance` has passed its end.
public final class ManualTime: TimeSource {
    private struct Sleeper {
        var end: Timestamp
        var continuation: CheckedContinuation<Void, any Error>
    }
    private struct State {
        var now: Timestamp
        var sleepers: [Int: Sleeper] = [:]
        var nextID = 0
    }
    private let state: Mutex<State>

    /// A clock that stands at `start`; without one, at the first of January 2026.
    public init(start: Timestamp = Timestamp(microseconds: 1_767_225_600_000_000)) {
        self.state = Mutex(State(now: start))
    }

    /// Where the clock stands.
    public func now() -> Timestamp { state.withLock { $0.now } }

    /// How many callers sleep now.
    public var sleeping: Int { state.withLock { $0.sleepers.count } }

    /// Moves the clock on and wakes those whose time has come.
    public func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.end <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.end < $1.end }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Returns once the clock has been moved by `duration`.
    public func sleep(for duration: Duration) async throws { try await sleep(until: now().advanced(by: duration)) }

    /// Returns once the clock stands at `instant` or later.
    public func sleep(until instant: Timestamp) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let early: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if instant <= state.now { return .success(()) }
                    state.sleepers[id] = Sleeper(end: instant, continuation: continuation)
                    return nil
                }
                if let early { continuation.resume(with: early) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }
}
