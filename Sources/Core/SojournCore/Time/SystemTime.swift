import Dispatch
import Foundation
public import SojournModel
import Synchronization

/// The machine's clock: the wall clock at start, moved on by the monotonic clock.
///
/// A jump of the wall clock while the process runs therefore neither expires leases nor makes them immortal
/// (decision D9). What a long-running process gains in steadiness it may lose in agreement with a wall clock that was
/// corrected later; absolute times from outside (`run_at`) are off by that correction until the next start.
public struct SystemTime: TimeSource {
    private let origin = ContinuousClock.now
    private let wallAtOrigin = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))

    /// Anchors the clock now.
    public init() {}

    /// The instant now.
    public func now() -> Timestamp { wallAtOrigin.advanced(by: origin.duration(to: .now)) }

    /// Sleeps on the monotonic clock.
    ///
    /// The wake-up comes from a timer of its own: that of `Task.sleep` needs a thread of the shared pool, and a handler
    /// that never yields would hold up the heartbeats.
    public func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        guard duration > .zero else { return }
        let sleeper = Sleeper(for: duration)
        try await withTaskCancellationHandler {
            try await sleeper.wait()
        } onCancel: {
            sleeper.end(.failure(CancellationError()))
        }
    }
}

/// One sleep: ends once, by its timer or by cancellation.
private final class Sleeper: Sendable {
    private enum Phase {
        case new
        case waiting(CheckedContinuation<Void, any Error>)
        case over(Result<Void, any Error>)
    }
    private struct State {
        var phase = Phase.new
        var timer: any DispatchSourceTimer
    }
    private static let queue = DispatchQueue(label: "sojourn.time")
    private let state: Mutex<State>

    init(for duration: Duration) {
        let timer = DispatchSource.makeTimerSource(queue: Self.queue)
        timer.schedule(deadline: .now() + .microseconds(Int(clamping: duration.wholeMicroseconds)))
        state = Mutex(State(timer: timer))
        state.withLock { state in
            state.timer.setEventHandler { [weak self] in self?.end(.success(())) }
            state.timer.activate()
        }
    }

    deinit { state.withLock { $0.timer.cancel() } }

    func wait() async throws {
        try await withCheckedThrowingContinuation { continuation in
            let early: Result<Void, any Error>? = state.withLock { state in
                if case .over(let result) = state.phase { return result }
                state.phase = .waiting(continuation)
                return nil
            }
            if let early { continuation.resume(with: early) }
        }
    }

    func end(_ result: Result<Void, any Error>) {
        let waiter: CheckedContinuation<Void, any Error>? = state.withLock { state in
            switch state.phase {
            case .over:
                return nil
            case .new:
                state.phase = .over(result)
                return nil
            case .waiting(let continuation):
                state.phase = .over(result)
                return continuation
            }
        }
        waiter?.resume(with: result)
    }
}
