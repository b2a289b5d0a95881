#if Redis
import NIOCore

extension LinkMachine {
    /// What a lost connection leaves behind.
    struct Loss: Sendable {
        let ended: [Ended]
        /// The pause before the next try; call ``rested(now:)`` after it. Nil: no further try.
        let pause: TimeAmount?
    }

    /// The connection ended, or could not be opened. What was under way may have been executed; what waited was surely
    /// not, and waits on unless waiting is pointless. `chance` is from 0 to 1.
    mutating func lost(_ error: RESPError, now: NIODeadline, chance: Double) -> Loss {
        guard phase != .closed, phase != .resting, phase != .idle else { return Loss(ended: [], pause: nil) }
        var ended = dropSent(error)
        lastError = error
        if options.failsFast || !options.reconnects || !error.isRetryable { ended += dropWaiting(error) }
        handshake = nil
        isFlushScheduled = false
        isDraining = false
        connectDeadline = .distantFuture
        silentSince = .distantFuture
        guard options.reconnects else {
            phase = .closed
            return Loss(ended: ended, pause: nil)
        }
        phase = .resting
        let pause = options.backoff.delay(attempt: attempt, chance: chance)
        attempt += 1
        return Loss(ended: ended, pause: pause)
    }

    /// The pause is over: whether to open a connection now. Where the next try needs somebody to change something, or
    /// another node may serve, it waits for the next command.
    mutating func rested(now: NIODeadline) -> Bool {
        guard phase == .resting else { return false }
        phase = .idle
        let isPointless = options.failsFast || lastError?.isRetryable == false
        guard !waiting.isEmpty || !isPointless else { return false }
        return connectNow(now: now)
    }

    /// The end. Nothing is accepted any more.
    mutating func close(_ error: RESPError = .shutDown) -> [Ended] {
        let ended = dropSent(error) + dropWaiting(error)
        phase = .closed
        lastError = error
        earliest = .distantFuture
        return ended
    }

    private mutating func dropSent(_ error: RESPError) -> [Ended] {
        let sent = (head.map { [$0] } ?? []) + Array(queue)
        head = nil
        queue.removeAll()
        load -= sent.reduce(0) { $0 + $1.count }
        return sent.compactMap { Self.ended($0, error.seen(asExecuted: true)) }
    }

    private mutating func dropWaiting(_ error: RESPError) -> [Ended] {
        let dropped = waiting
        waiting = []
        load -= dropped.reduce(0) { $0 + $1.count }
        return dropped.map { Self.ended($0, error.seen(asExecuted: false)) }
    }

    private static func ended(_ sent: Sent, _ error: RESPError) -> Ended? {
        guard let caller = sent.caller else { return nil }
        let missing = Array(repeating: Reply.failure(error), count: sent.count - sent.replies.count)
        return Ended(caller: caller, replies: sent.replies + missing)
    }

    private static func ended(_ waiting: Waiting, _ error: RESPError) -> Ended {
        Ended(caller: waiting.caller, replies: Array(repeating: .failure(error), count: waiting.count))
    }
}

// MARK: Deadlines

extension LinkMachine {
    /// What is due: pipelines past their deadlines, and whether the connection itself must be given up.
    struct Due: Sendable {
        var ended: [Ended] = []
        /// Close the connection, then call ``lost(_:now:chance:)`` with this.
        var failure: RESPError?
    }

    /// The time for which to set a timer, if the timers already set are too late; each is to call ``tick(now:)``.
    mutating func nextAlarm() -> NIODeadline? {
        guard earliest < alarm else { return nil }
        alarm = earliest
        return earliest
    }

    /// A timer fired.
    mutating func tick(now: NIODeadline) -> Due {
        if now >= alarm { alarm = .distantFuture }
        guard now >= earliest else { return Due() }
        var due = Due(ended: expireWaiting(now) + expireSent(now))
        due.failure = failure(now)
        earliest = nextDeadline()
        return due
    }

    private mutating func expireWaiting(_ now: NIODeadline) -> [Ended] {
        let expired = waiting.filter { $0.deadline <= now }
        guard !expired.isEmpty else { return [] }
        waiting.removeAll { $0.deadline <= now }
        load -= expired.reduce(0) { $0 + $1.count }
        let error = lastError ?? RESPError(.timeout, "No connection to the Redis server before the deadline.")
        return expired.map { Self.ended($0, error.seen(asExecuted: false)) }
    }

    private mutating func expireSent(_ now: NIODeadline) -> [Ended] {
        let error = RESPError(.timeout, "The Redis server did not answer before the deadline.", mayHaveExecuted: true)
        var ended: [Ended] = []
        if let sent = head, sent.deadline <= now {
            ended += Self.ended(sent, error).map { [$0] } ?? []
            head?.caller = nil
        }
        for index in queue.indices where queue[index].deadline <= now {
            ended += Self.ended(queue[index], error).map { [$0] } ?? []
            queue.modify(index) { $0.caller = nil }
        }
        return ended
    }

    private func failure(_ now: NIODeadline) -> RESPError? {
        if connectDeadline <= now {
            return RESPError(.timeout, "The Redis server did not answer the handshake before the deadline.")
        }
        guard let silenceEnd, silenceEnd <= now else { return nil }
        return RESPError(.timeout, "The Redis server has not answered for too long; the connection is given up.")
    }

    /// When silence becomes too long: only past the deadline of the oldest pipeline, since its caller may have allowed
    /// a slow script more time than usual.
    private var silenceEnd: NIODeadline? {
        guard let head, silentSince != .distantFuture else { return nil }
        return max(silentSince + options.silenceLimit, head.deadline)
    }

    private func nextDeadline() -> NIODeadline {
        var next = min(connectDeadline, silenceEnd ?? .distantFuture)
        for entry in waiting { next = min(next, entry.deadline) }
        if let head, head.caller != nil { next = min(next, head.deadline) }
        for sent in queue where sent.caller != nil { next = min(next, sent.deadline) }
        return next
    }
}
#endif
