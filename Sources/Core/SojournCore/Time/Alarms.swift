import Dispatch
import SojournModel
import Synchronization

/// All alarms of the process, with one timer. Most are turned off long before their time, at every wake-up of a claim:
/// that must cost no more than a change in a table.
final class Alarms: Sendable {
    static let shared = Alarms()

    fileprivate struct Place: Comparable {
        let instant: UInt64
        let id: UInt64

        static func < (lhs: Self, rhs: Self) -> Bool { (lhs.instant, lhs.id) < (rhs.instant, rhs.id) }
    }
    fileprivate struct State {
        var rings: [UInt64: @Sendable () -> Void] = [:]
        /// In the order of their time, those that were turned off included.
        var places = Heap<Place>()
        var lastID: UInt64 = 0
        /// For when the timer is set; `max` = for never.
        var armed = UInt64.max
        let timer: any DispatchSourceTimer
    }
    private let state: Mutex<State>

    private init() {
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "sojourn.time"))
        state = Mutex(State(timer: timer))
        state.withLock { state in
            state.timer.setEventHandler { Alarms.shared.ring() }
            state.timer.activate()
        }
    }

    /// Calls `ring` after `duration`, unless it is removed before.
    func add(after duration: Duration, _ ring: @escaping @Sendable () -> Void) -> UInt64 {
        // Rounded up, so that nobody who looks at the clock then finds that it is too early.
        let microseconds = UInt64(min(max(0, duration.wholeMicroseconds), Limits.horizon.wholeMicroseconds)) + 1
        let instant = DispatchTime.now().uptimeNanoseconds + microseconds * 1_000
        return state.withLock { state in
            state.lastID += 1
            state.rings[state.lastID] = ring
            state.places.insert(Place(instant: instant, id: state.lastID))
            state.arm()
            return state.lastID
        }
    }

    /// Turns an alarm off.
    func remove(_ id: UInt64) {
        state.withLock { state in
            guard state.rings.removeValue(forKey: id) != nil else { return }
            guard state.places.count > 2 * state.rings.count + 1_024 else { return }
            state.places.keep { state.rings[$0.id] != nil }
        }
    }

    private func ring() {
        let due = state.withLock { state in
            let now = DispatchTime.now().uptimeNanoseconds
            var due: [@Sendable () -> Void] = []
            state.armed = .max
            while let first = state.places.first {
                let ring = state.rings[first.id]
                guard first.instant <= now || ring == nil else { break }
                state.places.popFirst()
                state.rings[first.id] = nil
                if let ring { due.append(ring) }
            }
            state.arm()
            return due
        }
        for ring in due { ring() }
    }
}

extension Alarms.State {
    /// Sets the timer, where it is set too late for the first alarm.
    fileprivate mutating func arm() {
        guard let first = places.first, first.instant < armed else { return }
        armed = first.instant
        timer.schedule(deadline: DispatchTime(uptimeNanoseconds: armed))
    }
}
