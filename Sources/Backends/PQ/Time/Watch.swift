#if Postgres
import Dispatch
import Synchronization

/// The one place that uses Dispatch: the serial queue of one connection, and the watch over its socket.
final class Watch: Sendable {
    private struct State {
        var read: (any DispatchSourceRead)?
        var write: (any DispatchSourceWrite)?
        /// A source starts suspended, and must not be released while it is.
        var isWriting = false
        /// Sources whose cancellation has not come through.
        var ending = 0
    }

    private let queue: DispatchQueue
    private let state = Mutex(State())

    init() { queue = DispatchQueue(label: "sojourn.postgres") }

    /// Runs `work` on the connection's queue. It may block.
    func perform(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

    /// Runs `work` on the connection's queue at `moment`.
    func perform(at moment: Moment, _ work: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: DispatchTime(uptimeNanoseconds: moment.nanoseconds), execute: work)
    }

    /// Runs `work`, which may block, somewhere else.
    static func performElsewhere(_ work: @escaping @Sendable () -> Void) {
        DispatchQueue.global().async(execute: work)
    }

    /// Runs `work` at `moment`, somewhere else.
    static func performElsewhere(at moment: Moment, _ work: @escaping @Sendable () -> Void) {
        DispatchQueue.global().asyncAfter(
            deadline: DispatchTime(uptimeNanoseconds: moment.nanoseconds), execute: work)
    }

    /// Watches a socket: `onReadable` whenever there is something, `onWritable` while ``setWriting(_:)`` is on.
    func start(
        _ socket: Int32, onReadable: @escaping @Sendable () -> Void, onWritable: @escaping @Sendable () -> Void
    ) {
        state.withLock { state in
            let read = DispatchSource.makeReadSource(fileDescriptor: socket, queue: queue)
            let write = DispatchSource.makeWriteSource(fileDescriptor: socket, queue: queue)
            read.setEventHandler(handler: onReadable)
            write.setEventHandler(handler: onWritable)
            state.read = read
            state.write = write
            read.resume()
        }
    }

    func setWriting(_ isWanted: Bool) {
        state.withLock { state in
            guard let write = state.write, state.isWriting != isWanted else { return }
            state.isWriting = isWanted
            if isWanted { write.resume() } else { write.suspend() }
        }
    }

    /// Ends the watch. `then` runs when the system has let go of the socket: only then may it be closed.
    func stop(then: @escaping @Sendable () -> Void) {
        let isWatching = state.withLock { state in
            guard let read = state.read, let write = state.write else { return false }
            state.ending = 2
            let ended: @Sendable () -> Void = { self.sourceEnded(then) }
            read.setCancelHandler(handler: ended)
            write.setCancelHandler(handler: ended)
            read.cancel()
            write.cancel()
            if !state.isWriting { write.resume() }
            state.read = nil
            state.write = nil
            return true
        }
        if !isWatching { queue.async(execute: then) }
    }

    private func sourceEnded(_ then: () -> Void) {
        let isLast = state.withLock { state in
            state.ending -= 1
            return state.ending == 0
        }
        if isLast { then() }
    }
}
#endif
