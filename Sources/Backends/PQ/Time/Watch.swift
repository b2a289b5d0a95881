#if Postgres
import Dispatch
import Synchronization

/// The one place that uses Dispatch: the serial queue of one connection, and the watch over its socket.
///
/// It watches a duplicate of the socket: libpq closes a socket as soon as its other side has gone, and where the number
/// is given to the next connection while Dispatch still holds it, Dispatch takes the two for one and says nothing.
final class Watch: Sendable {
    private struct State {
        var read: (any DispatchSourceRead)?
        var write: (any DispatchSourceWrite)?
        /// A source starts suspended, and must not be released while it is.
        var isWriting = false
        /// Sources whose cancellation has not come through.
        var ending = 2
        var whenEnded: (@Sendable () -> Void)?
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

    /// Watches a socket: `onReadable` whenever there is something, `onWritable` while ``setWriting(_:)`` is on. False
    /// where the process may open nothing more.
    func start(
        _ socket: Int32, onReadable: @escaping @Sendable () -> Void, onWritable: @escaping @Sendable () -> Void
    ) -> Bool {
        guard let twin = Socket.duplicate(socket) else { return false }
        state.withLock { state in
            let read = DispatchSource.makeReadSource(fileDescriptor: twin, queue: queue)
            let write = DispatchSource.makeWriteSource(fileDescriptor: twin, queue: queue)
            read.setEventHandler(handler: onReadable)
            write.setEventHandler(handler: onWritable)
            let ended: @Sendable () -> Void = { self.sourceEnded(twin) }
            read.setCancelHandler(handler: ended)
            write.setCancelHandler(handler: ended)
            state.read = read
            state.write = write
            read.resume()
        }
        return true
    }

    func setWriting(_ isWanted: Bool) {
        state.withLock { state in
            guard let write = state.write, state.isWriting != isWanted else { return }
            state.isWriting = isWanted
            if isWanted { write.resume() } else { write.suspend() }
        }
    }

    /// Ends the watch. `then` runs when Dispatch has let go of the socket.
    func stop(then: @escaping @Sendable () -> Void) {
        let isWatching = state.withLock { state in
            guard let read = state.read, let write = state.write else { return false }
            state.whenEnded = then
            read.cancel()
            write.cancel()
            if !state.isWriting { write.resume() }
            state.read = nil
            state.write = nil
            return true
        }
        if !isWatching { queue.async(execute: then) }
    }

    private func sourceEnded(_ twin: Int32) {
        let whenEnded = state.withLock { state -> (@Sendable () -> Void)? in
            state.ending -= 1
            guard state.ending == 0 else { return nil }
            return state.whenEnded.take()
        }
        guard let whenEnded else { return }
        Socket.close(twin)
        whenEnded()
    }
}
#endif
