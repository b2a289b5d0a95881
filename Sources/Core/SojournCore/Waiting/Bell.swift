public import SojournModel
import Synchronization

/// Wakes one duty at the earliest instant that anyone has asked for.
///
/// A duty sleeps until the next due time that it knows. A task that comes in later but is due earlier rings the bell,
/// so that the duty neither polls nor oversleeps.
public final class Bell: Sendable {
    private struct State {
        var earliest: Timestamp = .distantFuture
        var sleeper: OneShot?
    }
    private let state = Mutex(State())

    /// A silent bell.
    public init() {}

    /// Asks for a wake-up at `instant`.
    public func ring(at instant: Timestamp) {
        let sleeper: OneShot? = state.withLock { state in
            guard instant < state.earliest else { return nil }
            state.earliest = instant
            return state.sleeper
        }
        sleeper?.fire()
    }

    /// Returns at `instant`, or earlier where somebody has rung for an earlier one; then the bell is silent again.
    public func wait(until instant: Timestamp, on time: any TimeSource) async {
        while !Task.isCancelled {
            let signal = OneShot()
            let target = state.withLock { state in
                state.sleeper = signal
                return min(instant, state.earliest)
            }
            if target <= time.now() { break }
            await signal.wait(until: target, on: time)
        }
        state.withLock { $0 = State() }
    }
}
