#if Redis
import Logging
import NIOCore
import Synchronization

/// One connection to one server: the sockets, timers and locks around a ``LinkMachine``, which decides everything.
final class Link: Sendable {
    typealias Completion = @Sendable ([Reply]) -> Void
    typealias Machine = LinkMachine<Completion>

    private struct State {
        var machine: Machine
        var channel: (any Channel)?
        /// Counts connections, so that a late event of an old one is not taken for one of the new.
        var generation = 0
        var random = SystemRandomNumberGenerator()
    }

    let loop: any EventLoop
    private let connector: Connector
    private let logger: Logger
    private let state: Mutex<State>
    /// What the server sends unasked.
    private let onPush: @Sendable ([RESPValue]) -> Void
    /// The link will never work again.
    private let onEnd: @Sendable (Link, RESPError) -> Void

    init(
        connector: Connector, options: Machine.Options, wishes: Handshake.Wishes, loop: any EventLoop, logger: Logger,
        onPush: @escaping @Sendable ([RESPValue]) -> Void, onEnd: @escaping @Sendable (Link, RESPError) -> Void
    ) {
        self.connector = connector
        self.loop = loop
        self.logger = logger
        self.onPush = onPush
        self.onEnd = onEnd
        state = Mutex(State(machine: Machine(options: options, wishes: wishes)))
    }

    /// Whether the link takes commands: not closed, and not without a connection that it would never open again.
    var isUsable: Bool { state.withLock { $0.machine.phase != .closed } }

    /// Whether the link is connected and greeted.
    var isReady: Bool { state.withLock { $0.machine.phase == .ready } }

    /// Sends `commands` in one piece and waits for all their replies; reply i belongs to command i.
    ///
    /// - Throws: where nothing was sent: the link is closed, or has too much to do.
    func send(_ commands: [Command], deadline: NIODeadline) async throws(RESPError) -> [Reply] {
        var bytes = ByteBuffer()
        bytes.reserveCapacity(commands.reduce(0) { $0 + $1.wireBytes })
        for command in commands { command.write(to: &bytes) }
        let result: Result<[Reply], RESPError> = await withCheckedContinuation { continuation in
            let refusal = submit(bytes, count: commands.count, deadline: deadline) { replies in
                continuation.resume(returning: .success(replies))
            }
            if let refusal { continuation.resume(returning: .failure(refusal)) }
        }
        return try result.get()
    }

    /// Hands over encoded commands; `completion` runs exactly once unless an error is returned.
    func submit(
        _ bytes: ByteBuffer, count: Int, deadline: NIODeadline, completion: @escaping Completion
    ) -> RESPError? {
        let now = NIODeadline.now()
        let (submission, alarm, generation) = state.withLock { state in
            let submission = state.machine.submit(completion, count: count, bytes: bytes, deadline: deadline, now: now)
            return (submission, state.machine.nextAlarm(), state.generation)
        }
        setTimer(alarm)
        switch submission {
        case .queued: break
        case .flush: loop.execute { self.flush() }
        case .connect: connect(generation)
        case .refused(let error): return error
        }
        return nil
    }

    /// Goes away from this server as soon as it has answered what it was asked, and looks for the right one.
    func leave() {
        let (news, channel, generation) = state.withLock { state in
            (state.machine.leave(), state.channel, state.generation)
        }
        if let news, let channel { perform(news, channel, generation) }
    }

    /// Ends everything; whoever waits gets `error`. The future ends when the socket is closed.
    @discardableResult
    func close(_ error: RESPError = .shutDown) -> EventLoopFuture<Void> {
        let (ended, channel) = state.withLock { state in
            state.generation += 1
            defer { state.channel = nil }
            return (state.machine.close(error), state.channel)
        }
        finish(ended)
        onEnd(self, error)
        return channel.map { channel in
            channel.close(promise: nil)
            return channel.closeFuture
        } ?? loop.makeSucceededVoidFuture()
    }
}

// MARK: What happens on the event loop

extension Link {
    private func connect(_ generation: Int) {
        connector.connect(on: loop) { LinkHandler(link: self, generation: generation, limits: $0) }
            .whenFailure { self.failed(Connector.error(from: $0, whileConnecting: true), generation: generation) }
    }

    /// The socket is open. False: it comes too late and must be closed.
    func opened(_ channel: any Channel, generation: Int) -> Bool {
        let commands: [Command]? = state.withLock { state in
            guard generation == state.generation, state.machine.phase == .connecting else { return nil }
            state.channel = channel
            return state.machine.connected()
        }
        guard let commands else { return false }
        write(commands, to: channel)
        return true
    }

    /// The server sent these.
    func received(_ values: [RESPValue], generation: Int) {
        let now = NIODeadline.now()
        var ended: [Machine.Ended] = []
        var news: [Machine.Received] = []
        let channel: (any Channel)? = state.withLock { state in
            guard generation == state.generation else { return nil }
            reading: for value in values {
                switch state.machine.received(value, now: now) {
                case .nothing: continue
                case .ended(let one): ended.append(one)
                case .failed(let error):
                    news.append(.failed(error))
                    break reading
                case let other: news.append(other)
                }
            }
            if let drained = state.machine.drained { news.append(drained) }
            return state.channel
        }
        finish(ended)
        if let channel { for one in news { perform(one, channel, generation) } }
    }

    private func perform(_ news: Machine.Received, _ channel: any Channel, _ generation: Int) {
        switch news {
        case .nothing, .ended: break
        case .push(let elements): onPush(elements)
        case .send(let commands): write(commands, to: channel)
        case .ready:
            logger.debug("connected to Redis", metadata: ["redis": "\(connector.place)"])
            flush()
        case .failed(let error): failed(error, generation: generation)
        }
    }

    /// The connection is of no use any more, or none came about.
    func failed(_ error: RESPError, generation: Int) {
        let now = NIODeadline.now()
        let (loss, channel, isEnd): (Machine.Loss?, (any Channel)?, Bool) = state.withLock { state in
            guard generation == state.generation else { return (nil, nil, false) }
            state.generation += 1
            defer { state.channel = nil }
            let loss = state.machine.lost(error, now: now, chance: .random(in: 0...1, using: &state.random))
            return (loss, state.channel, state.machine.phase == .closed)
        }
        guard let loss else { return }
        log(error, loss)
        channel?.close(promise: nil)
        finish(loss.ended)
        if let pause = loss.pause { loop.scheduleTask(in: pause) { [weak self] in self?.rested() } }
        if isEnd { onEnd(self, error) }
    }

    private func rested() {
        let now = NIODeadline.now()
        let (mustConnect, generation, alarm) = state.withLock { state in
            (state.machine.rested(now: now), state.generation, state.machine.nextAlarm())
        }
        setTimer(alarm)
        if mustConnect { connect(generation) }
    }

    private func flush() {
        let now = NIODeadline.now()
        let (output, channel, alarm) = state.withLock { state in
            (state.machine.flush(now: now), state.channel, state.machine.nextAlarm())
        }
        setTimer(alarm)
        if let channel, !output.buffers.isEmpty {
            for buffer in output.buffers { channel.write(buffer, promise: nil) }
            channel.flush()
        }
        finish(output.ended)
    }

    private func tick() {
        let now = NIODeadline.now()
        let (due, alarm, generation) = state.withLock { state in
            let due = state.machine.tick(now: now)
            return (due, state.machine.nextAlarm(), state.generation)
        }
        setTimer(alarm)
        finish(due.ended)
        if let failure = due.failure { failed(failure, generation: generation) }
    }

    private func setTimer(_ alarm: NIODeadline?) {
        guard let alarm, alarm != .distantFuture else { return }
        loop.scheduleTask(deadline: alarm) { [weak self] in self?.tick() }
    }

    private func write(_ commands: [Command], to channel: any Channel) {
        var bytes = ByteBuffer()
        for command in commands { command.write(to: &bytes) }
        channel.writeAndFlush(bytes, promise: nil)
    }

    private func finish(_ ended: [Machine.Ended]) {
        for one in ended { one.caller(one.replies) }
    }

    private func log(_ error: RESPError, _ loss: Machine.Loss) {
        logger.warning(
            "lost the connection to Redis",
            metadata: [
                "redis": "\(connector.place)", "error": "\(error)", "unanswered": "\(loss.ended.count)",
                "next_try_ms": loss.pause.map { "\($0.nanoseconds / 1_000_000)" } ?? "never",
            ])
    }
}
#endif
