#if Postgres
import Dispatch
import Synchronization

/// The thread of one connection. It waits until there is something on the socket or something to do, and does one thing
/// after the other.
///
/// It waits with `poll` and not with sources of Dispatch. On Linux those free what they know of a socket while
/// Dispatch's own thread still reads it, where several come and go at once (swift-corelibs-libdispatch#949), and tell
/// of a hang-up only once. And from here to the work on what came there is no hop to another thread.
final class Watch: Sendable {
    typealias Work = @Sendable () -> Void

    private struct State {
        var work: [Work] = []
        var socket: Watched?
        var isWriting = false
        var alarm: Moment?
        /// Whether the bell has been rung, and not been heard.
        var isRung = false
        var whenEnded: Work?
        var isOver = false

        /// What the thread does next.
        mutating func turn() -> Turn {
            if !work.isEmpty {
                defer { work = [] }
                return .work(work)
            }
            if let whenEnded { return .end(whenEnded) }
            if let socket, let due = alarm, due <= .now {
                alarm = nil
                return .work([socket.onAlarm])
            }
            return .wait(socket, forWriting: isWriting, until: alarm)
        }
    }

    private struct Watched {
        /// A duplicate: libpq closes its socket as soon as the other side has gone, and the number may be given to the
        /// next connection while this one is still waited for.
        let descriptor: Int32
        let onReadable: Work
        let onWritable: Work
        let onAlarm: Work
    }

    private enum Turn {
        case work([Work])
        case wait(Watched?, forWriting: Bool, until: Moment?)
        case end(Work)
    }

    private let bell: Bell
    private let state = Mutex(State())

    /// Starts the thread, which lives until ``stop(then:)``. Nil where the process may open nothing more.
    init?() {
        guard let bell = Bell() else { return nil }
        self.bell = bell
        guard BlockingThread.start({ self.run() }) else {
            bell.close()
            return nil
        }
    }

    /// Runs `work` on the connection's thread, unless the watch has been stopped. It may block.
    func perform(_ work: @escaping Work) {
        state.withLock { state in
            guard state.whenEnded == nil else { return }
            state.work.append(work)
            ring(&state)
        }
    }

    /// Runs `work`, which may block, somewhere else.
    static func performElsewhere(_ work: @escaping Work) { DispatchQueue.global().async(execute: work) }

    /// Runs `work` at `moment`, somewhere else.
    static func performElsewhere(at moment: Moment, _ work: @escaping Work) {
        DispatchQueue.global().asyncAfter(
            deadline: DispatchTime(uptimeNanoseconds: moment.nanoseconds), execute: work)
    }

    /// Watches a socket: `onReadable` as long as there is something to read or the other side has gone, `onWritable`
    /// while ``setWriting(_:)`` is on, `onAlarm` at the moment set by ``setAlarm(_:)``. False where the process may
    /// open nothing more.
    func start(
        _ socket: Int32, onReadable: @escaping Work, onWritable: @escaping Work, onAlarm: @escaping Work
    ) -> Bool {
        guard let twin = Socket.duplicate(socket) else { return false }
        state.withLock { state in
            state.socket = Watched(
                descriptor: twin, onReadable: onReadable, onWritable: onWritable, onAlarm: onAlarm)
            ring(&state)
        }
        return true
    }

    func setWriting(_ isWanted: Bool) {
        state.withLock { state in
            guard state.isWriting != isWanted else { return }
            state.isWriting = isWanted
            // The thread sees by itself that there is nothing more to wait for.
            if isWanted { ring(&state) }
        }
    }

    /// Sets the alarm for `moment`, unless it comes earlier anyway. It rings once.
    func setAlarm(_ moment: Moment) {
        state.withLock { state in
            if let alarm = state.alarm, alarm <= moment { return }
            state.alarm = moment
            ring(&state)
        }
    }

    /// Ends the watch after what was given to ``perform(_:)`` before. `then` runs when nobody looks at the socket any
    /// more. To be called once.
    func stop(then: @escaping Work) {
        state.withLock { state in
            state.whenEnded = then
            ring(&state)
        }
    }

    private func ring(_ state: inout State) {
        guard !state.isRung, !state.isOver else { return }
        state.isRung = true
        bell.ring()
    }

    private func run() {
        while true {
            switch state.withLock({ $0.turn() }) {
            case .work(let pieces): for piece in pieces { piece() }
            case .wait(let socket, let isWriting, let alarm): wait(for: socket, forWriting: isWriting, until: alarm)
            case .end(let then): return end(then)
            }
        }
    }

    private func wait(for socket: Watched?, forWriting: Bool, until alarm: Moment?) {
        let seen = Socket.wait(
            socket?.descriptor ?? -1, forWriting: forWriting, or: bell.listener, for: alarm?.since(.now))
        if seen.other {
            state.withLock { state in
                bell.silence()
                state.isRung = false
            }
        }
        if seen.readable { socket?.onReadable() }
        if seen.writable { socket?.onWritable() }
    }

    private func end(_ then: Work) {
        let socket = state.withLock { state in
            state.isOver = true
            bell.close()
            return state.socket.take()
        }
        if let socket { Socket.close(socket.descriptor) }
        then()
    }
}
#endif
