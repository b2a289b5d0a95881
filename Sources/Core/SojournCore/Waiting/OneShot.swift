public import SojournModel
import Synchronization

/// Something that happens once, and one caller who waits for it, for an instant, or for cancellation.
public final class OneShot: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Void, Never>)
        case fired
    }
    private let state = Mutex(State.idle)

    /// Has not happened yet.
    public init() {}

    /// Whether it has happened.
    public var hasHappened: Bool {
        state.withLock { state in
            if case .fired = state { return true }
            return false
        }
    }

    /// Lets it happen; a second time changes nothing.
    public func fire() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            defer { state = .fired }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiter?.resume()
    }

    /// Returns once it has happened, or the surrounding task is cancelled.
    public func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if case .fired = state { return true }
                    state = .waiting(continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            fire()
        }
    }

    /// As ``wait()``, and returns at `instant` at the latest.
    public func wait(until instant: Timestamp, on time: any TimeSource) async {
        let alarm = time.alarm(at: instant) { self.fire() }
        await wait()
        withExtendedLifetime(alarm) {}
    }
}
