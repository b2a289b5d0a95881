public import SojournModel
import Synchronization

/// A clock that moves only when told to, for tests: `sleep` returns when `advance` has passed its end.
public final class ManualTime: TimeSource {
    private struct Pending {
        var end: Timestamp
        var ring: @Sendable () -> Void
    }
    private struct State {
        var now: Timestamp
        var alarms: [Int: Pending] = [:]
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
    public var sleeping: Int { state.withLock { $0.alarms.count } }

    /// Moves the clock on and wakes those whose time has come, the earliest first.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.alarms.filter { $0.value.end <= state.now }
            for id in due.keys { state.alarms[id] = nil }
            return due.values.sorted { $0.end < $1.end }
        }
        for alarm in due { alarm.ring() }
    }

    /// Rings once the clock stands at `instant` or later.
    public func alarm(at instant: Timestamp, _ ring: @escaping @Sendable () -> Void) -> Alarm {
        let id: Int? = state.withLock { state in
            guard instant > state.now else { return nil }
            state.nextID += 1
            state.alarms[state.nextID] = Pending(end: instant, ring: ring)
            return state.nextID
        }
        guard let id else {
            ring()
            return Alarm {}
        }
        return Alarm { [weak self] in self?.turnOff(id) }
    }

    private func turnOff(_ id: Int) { state.withLock { $0.alarms[id] = nil } }
}
