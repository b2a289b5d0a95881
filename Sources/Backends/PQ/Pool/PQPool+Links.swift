#if Postgres
import Logging
import Synchronization

extension PQPool {
    /// A connection that nobody else uses; ``giveBack(_:)`` it whatever happens.
    func takeLink(isCancellable: Bool = true) async throws(PQError) -> Link {
        if isCancellable, Task.isCancelled { throw .cancelled }
        let deadline = Moment.now + configuration.connectTimeout
        while true {
            switch await turn(isCancellable) {
            case .use(let link):
                if link.isUsable { return link }
                giveBack(link)
            case .refused(let error): throw error
            case .open: return try await openReserved(until: deadline, isCancellable)
            }
        }
    }

    /// Returns a connection. One with something unread, or in a transaction, is closed instead.
    func giveBack(_ link: Link) {
        let isClean = link.isClean
        hand(state.withLock { $0.giveBack(link, isClean: isClean) })
        if !isClean { link.close(PQError(.connectionLost, "The connection was given up.")) }
    }

    /// A connection outside of the pool's number, until `deadline`.
    func openLink(
        until deadline: Moment, _ events: Link.Events, isCancellable: Bool = true
    ) async throws(PQError) -> Link {
        var events = events
        let onLoss = events.onLoss
        events.onLoss = { [weak self] link, error in
            self?.lost(link, error)
            onLoss(link, error)
        }
        while true {
            let attempt = state.withLock { $0.attempt }
            if attempt.gate > .now {
                // Nobody connects before the gate opens, so what failed last is the answer.
                guard attempt.gate < deadline else { throw attempt.last ?? .slow(place) }
                if isCancellable { await attempt.gate.wait() } else { await attempt.gate.come() }
                if isCancellable, Task.isCancelled { throw .cancelled }
                continue
            }
            do throws(PQError) {
                let link = try await Link.open(
                    address, deadline: deadline, events: events, isCancellable: isCancellable)
                guard state.withLock({ $0.opened(link) }) else {
                    link.close(.closed)
                    throw PQError.closed
                }
                if !link.isUsable {
                    // It was lost before it was listed, and would stay there.
                    _ = state.withLock { $0.lost(link) }
                    link.close(.stale)
                    throw PQError.stale
                }
                logger.debug("connected to Postgres", metadata: ["postgres": "\(place)"])
                return link
            } catch {
                try noteFailure(error, began: attempt.failures)
            }
        }
    }

    /// Returns if another try makes sense.
    private func noteFailure(_ error: PQError, began failures: Int) throws(PQError) {
        if error.code == .cancelled || error.code == .closed { throw error }
        let chance = Double.random(in: 0...1)
        state.withLock { $0.failed(error, began: failures, now: .now, chance: chance) }
        logger.warning("cannot connect to Postgres", metadata: ["postgres": "\(place)", "error": "\(error)"])
        guard error.code == .unavailable || error.code == .full else { throw error }
        if state.withLock({ $0.isClosed }) { throw .closed }
    }

    private func openReserved(until deadline: Moment, _ isCancellable: Bool) async throws(PQError) -> Link {
        do throws(PQError) {
            // Who stood in line has used up its time, but not on a server that is down.
            let isDown = state.withLock { $0.attempt.failures > 0 }
            let late = isDown ? deadline : max(deadline, .now + configuration.connectTimeout)
            return try await openLink(until: late, Link.Events(), isCancellable: isCancellable)
        } catch {
            hand(state.withLock { $0.freePlace() })
            throw error
        }
    }

    /// Waits for a turn, first come first served.
    private func turn(_ isCancellable: Bool) async -> PoolState.Turn {
        let (turn, ticket) = state.withLock { state in (state.turn(), state.newTicket()) }
        if let turn { return turn }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: PoolState.Waiter) in
                let turn = state.withLock { state -> PoolState.Turn? in
                    // Something may have become free meanwhile. And the handler below may have run already.
                    if let turn = state.turn() { return turn }
                    if isCancellable, Task.isCancelled { return .refused(.cancelled) }
                    state.join(continuation, ticket: ticket)
                    return nil
                }
                if let turn { continuation.resume(returning: turn) }
            }
        } onCancel: {
            guard isCancellable else { return }
            let waiter = state.withLock { $0.leave(ticket) }
            waiter?.resume(returning: .refused(.cancelled))
        }
    }

    private func lost(_ link: Link, _ error: PQError) {
        hand(state.withLock { $0.lost(link) })
        guard error.code != .closed, error.code != .cancelled else { return }
        logger.warning(
            "lost a connection to Postgres", metadata: ["postgres": "\(place)", "error": "\(error)"])
    }

    private func hand(_ next: (PoolState.Waiter, PoolState.Turn)?) {
        if let (waiter, turn) = next { waiter.resume(returning: turn) }
    }
}
#endif
