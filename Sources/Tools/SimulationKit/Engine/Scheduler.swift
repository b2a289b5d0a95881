package import SojournCore
package import SojournModel
import Synchronization

/// The one thread of a simulated world, and its time.
///
/// Whatever is ready to run waits here; the seed says who is next. Time stands still while anybody is ready, and then
/// jumps to the next alarm. So a run takes no longer than its work, and depends on nothing but its seed.
package final class Scheduler: TimeSource {
    struct Ready {
        let job: UnownedJob
        let track: Track
    }
    struct Fuse {
        var left: Int
        let blow: @Sendable () -> Void
    }
    struct State {
        let dice: Dice
        var now: Timestamp
        var ready: [Ready] = []
        /// What is ready on tracks that stand still.
        var held: [Int: [Ready]] = [:]
        var fuses: [Int: Fuse] = [:]
        var alarms = AlarmTable()
        var steps = 0
        var trace: UInt64 = 0
    }
    let state: Mutex<State>

    /// More steps than any run needs: who takes more runs in circles.
    package static let stepsMax = 4_000_000

    /// When every world begins: the first of January 2026.
    static let start = Timestamp(microseconds: 1_767_225_600_000_000)

    /// A world that begins now.
    package init(seed: UInt64) {
        state = Mutex(State(dice: Dice(seed: seed, salt: 0), now: Self.start))
    }

    /// The instant now.
    package func now() -> Timestamp { state.withLock { $0.now } }

    /// How many pieces of tasks have run.
    package var steps: Int { state.withLock { $0.steps } }

    /// What happened so far, in one number: the same seed gives the same one.
    package var trace: UInt64 { state.withLock { $0.trace } }

    /// Rings when time has come to `instant`.
    package func alarm(at instant: Timestamp, _ ring: @escaping @Sendable () -> Void) -> Alarm {
        let id = state.withLock { state -> UInt64? in
            instant > state.now ? state.alarms.add(at: instant, ring) : nil
        }
        guard let id else {
            ring()
            return Alarm {}
        }
        return Alarm { [weak self] in self?.state.withLock { $0.alarms.remove(id) } }
    }

    /// Runs what is ready, and lets time pass, until `isDone` or nothing will ever happen again. Whether it came to
    /// that: false where it was given up.
    package func run(until isDone: () -> Bool) -> Bool {
        while !isDone() {
            if let (next, blow) = state.withLock({ $0.take() }) {
                if let blow {
                    blow()
                    enqueue(next)
                } else {
                    next.job.runSynchronously(on: next.track.asUnownedTaskExecutor())
                }
            } else if let ring = state.withLock({ $0.nextAlarm() }) {
                ring()
            } else {
                return isDone()
            }
            if steps > Self.stepsMax { return false }
        }
        return true
    }

    func enqueue(_ ready: Ready) {
        state.withLock { state in
            if state.held[ready.track.number] == nil {
                state.ready.append(ready)
            } else {
                state.held[ready.track.number]?.append(ready)
            }
        }
    }

    /// Lets a track stand still.
    package func freeze(_ track: Track) {
        state.withLock { state in
            let mine = state.ready.filter { $0.track === track }
            state.ready.removeAll { $0.track === track }
            state.held[track.number, default: []] += mine
        }
    }

    /// Lets a track go on.
    package func thaw(_ track: Track) {
        state.withLock { state in state.ready += state.held.removeValue(forKey: track.number) ?? [] }
    }

    /// Forgets all fuses.
    func putOutFuses() { state.withLock { $0.fuses = [:] } }

    /// Forgets all that would still happen.
    func clear() {
        let (fuses, alarms) = state.withLock { state in
            defer {
                state.fuses = [:]
                state.alarms = AlarmTable()
            }
            return (state.fuses, state.alarms)
        }
        // Outside of the lock: what goes with them may turn alarms off.
        withExtendedLifetime((fuses, alarms)) {}
    }

    /// Calls `blow` before the step of `track` that comes after so many more.
    package func lightFuse(on track: Track, steps: Int, _ blow: @escaping @Sendable () -> Void) {
        state.withLock { $0.fuses[track.number] = Fuse(left: steps, blow: blow) }
    }
}

extension Scheduler.State {
    /// Who runs next, and what to do before.
    fileprivate mutating func take() -> (Scheduler.Ready, blow: (@Sendable () -> Void)?)? {
        guard !ready.isEmpty else { return nil }
        let index = ready.count == 1 ? 0 : dice.number(below: ready.count)
        ready.swapAt(index, ready.count - 1)
        let next = ready.removeLast()
        steps += 1
        note(UInt64(next.track.number) << 32 | UInt64(ready.count))
        note(UInt64(bitPattern: now.microseconds))
        guard let fuse = fuses[next.track.number] else { return (next, nil) }
        fuses[next.track.number]?.left -= 1
        guard fuse.left <= 0 else { return (next, nil) }
        fuses[next.track.number] = nil
        return (next, fuse.blow)
    }

    /// Adds to the trace what ran, of how many, and when.
    private mutating func note(_ number: UInt64) {
        trace = (trace ^ number) &* 0x9E37_79B9_7F4A_7C15
        trace ^= trace >> 29
    }

    /// Lets time pass to the next alarm.
    fileprivate mutating func nextAlarm() -> (@Sendable () -> Void)? {
        guard let (instant, ring) = alarms.popFirst() else { return nil }
        now = max(now, instant)
        return ring
    }
}
