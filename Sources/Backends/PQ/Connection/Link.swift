#if Postgres
import Synchronization

/// One connection: the watch, timers and locks around a ``LinkState``, which talks to libpq.
///
/// One call uses it at a time. Whatever ends the connection ends the call too, so nobody waits for ever.
final class Link: Sendable {
    /// What its owner wants to hear. Called from any thread, without a lock held.
    struct Events: Sendable {
        var onNotification: @Sendable (PQNotification) -> Void = { _ in }
        var onLoss: @Sendable (Link, PQError) -> Void = { _, _ in }
    }

    /// How long the server may take to end a cancelled statement before the connection is given up.
    static let cancelPatience = Duration.seconds(2)

    private let watch: Watch
    private let events: Events
    private let state = Mutex(LinkState())
    private let counter = Mutex(0)
    private let whenClosed = OneShot<Void>()

    private init(_ watch: Watch, _ events: Events) {
        self.watch = watch
        self.events = events
    }

    deinit {
        if let (handle, _) = state.withLock({ $0.drop(.closed) }) { watch.stop { handle.finish() } }
    }

    /// Opens a connection until `deadline`; gives up at once if the caller is cancelled, unless told not to.
    static func open(
        _ address: Address, deadline: Moment, events: Events, isCancellable: Bool = true
    ) async throws(PQError) -> Link {
        guard let watch = Watch() else { throw .noDescriptors }
        let dial = Dial(address, deadline: deadline)
        let shot = OneShot<Result<Link, PQError>>()
        let result = await withTaskCancellationHandler {
            watch.perform {
                let dialled = dial.run()
                if case .failure = dialled { watch.stop {} }
                let result = dialled.flatMap { Link(watch, events).adopting($0) }
                // If nobody waits any more, the link goes away here, and the connection with it.
                shot.bring(result)
            }
            // Resolving a name cannot be interrupted, so the dial alone is no deadline.
            Watch.performElsewhere(at: deadline) { [weak shot] in shot?.bring(.failure(.slow(address.place))) }
            return await shot.take()
        } onCancel: {
            guard isCancellable else { return }
            dial.giveUp()
            shot.bring(.failure(.cancelled))
        }
        if case .failure = result { dial.giveUp() }
        return try result.get()
    }

    private func adopting(_ handle: Handle) -> Result<Link, PQError> {
        state.withLock { $0.adopt(handle) }
        let isWatched = watch.start(
            handle.socket, onReadable: { [weak self] in self?.readable() },
            onWritable: { [weak self] in self?.writable() }, onAlarm: { [weak self] in self?.look() })
        // Without a watch the link goes away here, and the connection with it.
        return isWatched ? .success(self) : .failure(.noDescriptors)
    }

    /// Whether another caller may use it.
    var isClean: Bool { state.withLock { $0.isClean } }

    /// Whether it is still there, as far as this side can know; asks the system, not the server.
    var isUsable: Bool { state.withLock { $0.isUsable } }

    /// Runs a job in one trip. Nil if the connection turns out to be gone before anything was sent.
    ///
    /// A cancelled caller waits until the server has ended the statement, so that it knows what came of it.
    func run(_ job: Job, isCancellable: Bool = true) async -> Batch.Ending? {
        let id = counter.withLock { counter in
            counter += 1
            return counter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Batch.Ending?, Never>) in
                let outcome = state.withLock { state in
                    let outcome = state.submit(job, id: id) { continuation.resume(returning: $0) }
                    // Inside the lock, so that an older wish cannot come after a newer one.
                    if let outcome { watch.setWriting(outcome.wantsWriting) }
                    if let next = state.nextLook { watch.setAlarm(next) }
                    return outcome
                }
                guard let outcome else {
                    close(PQError(.connectionLost, "The connection was lost while it was idle."))
                    continuation.resume(returning: nil)
                    return
                }
                settle(outcome)
                // The handler below may have run before there was anything to cancel.
                if isCancellable, Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            if isCancellable { cancel(id) }
        }
    }

    /// Ends the connection. Whoever waits for an answer gets `error`.
    func close(_ error: PQError) {
        guard let (handle, ended) = state.withLock({ $0.drop(error) }) else { return }
        watch.stop { [whenClosed] in
            handle.finish()
            whenClosed.bring(())
        }
        if let ended { ended.completion(ended.ending) }
        events.onLoss(self, error)
    }

    /// Returns when the socket is closed. To be called once.
    func closed() async { await whenClosed.take() }

    private func readable() {
        let outcome = state.withLock { state in
            let outcome = state.read()
            watch.setWriting(outcome.wantsWriting)
            return outcome
        }
        settle(outcome)
    }

    private func writable() { state.withLock { watch.setWriting($0.flush(LinkState.Outcome()).wantsWriting) } }

    private func settle(_ outcome: LinkState.Outcome) {
        for notification in outcome.notifications { events.onNotification(notification) }
        if let ended = outcome.ended { ended.completion(ended.ending) }
        if let loss = outcome.loss { close(loss) }
    }

    private func cancel(_ id: Int) {
        guard CancelHandle.mayBegin() else { return giveUp(id) }
        guard let handle = state.withLock({ $0.beginCancelling(id) }) else { return CancelHandle.end() }
        Watch.performElsewhere(at: .now + Self.cancelPatience) { [weak self] in self?.giveUp(id) }
        Watch.performElsewhere {
            let wasHeard = handle.send()
            CancelHandle.end()
            let ended = self.state.withLock { state in
                state.isCancelling = false
                return state.finished()
            }
            if let ended { ended.completion(ended.ending) } else if !wasHeard { self.giveUp(id) }
        }
    }

    private func giveUp(_ id: Int) {
        guard state.withLock({ $0.batch?.id == id }) else { return }
        close(.cancelled)
    }

    /// When the alarm rings: a server that is there but silent has no other limit than the deadline.
    private func look() {
        readable()
        let (isOver, next) = state.withLock { state in
            (state.batch.map { $0.deadline <= .now } ?? false, state.nextLook)
        }
        if isOver {
            close(PQError(.timeout, "The server did not answer in time."))
        } else if let next {
            watch.setAlarm(next)
        }
    }
}
#endif
