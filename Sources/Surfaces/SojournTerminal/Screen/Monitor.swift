public import SojournCore
public import SojournModel
public import SojournWire

/// `sojourn monitor` on a terminal: joins the screen, the clock and whoever can be asked.
public struct Monitor: Sendable {
    /// Whom the monitor asks, and what it can have done.
    public struct Desk: Sendable {
        /// All queues that shall be shown.
        public var look: @Sendable () async throws -> [QueueView]
        /// Stops or resumes a queue.
        public var setPaused: @Sendable (QueueName, Bool) async throws -> Void
        /// Puts the dead letters of a queue back; how many.
        public var replay: @Sendable (QueueName) async throws -> Int
        /// What an error says to people.
        public var sentence: @Sendable (any Error) -> String

        /// A desk from its parts.
        public init(
            look: @escaping @Sendable () async throws -> [QueueView],
            setPaused: @escaping @Sendable (QueueName, Bool) async throws -> Void,
            replay: @escaping @Sendable (QueueName) async throws -> Int,
            sentence: @escaping @Sendable (any Error) -> String
        ) {
            self.look = look
            self.setPaused = setPaused
            self.replay = replay
            self.sentence = sentence
        }
    }

    /// Most things that wait to be taken note of. Whoever holds a key down longer loses the last presses.
    private static let inputBound = 1_024
    /// How often the clock and the ages on the screen move.
    private static let beat: Duration = .seconds(1)

    private enum Input: Sendable {
        case screen(TerminalScreen.Input)
        case event(MonitorEvent)
    }

    private let server: String
    private let interval: Duration
    private let time: any TimeSource
    private let desk: Desk

    /// A monitor of `server`, which is only shown, that looks once per `interval`.
    public init(server: String, interval: Duration, time: any TimeSource, desk: Desk) {
        self.server = server
        self.interval = interval
        self.time = time
        self.desk = desk
    }

    /// Shows `first`, and what follows, until somebody quits or the surrounding task is cancelled.
    public func run(on screen: TerminalScreen, first: [QueueView]) async {
        let (inputs, door) = AsyncStream.makeStream(
            of: Input.self, bufferingPolicy: .bufferingOldest(Monitor.inputBound))
        let bell = Bell()
        await withTaskGroup { group in
            group.addTask { await screen.listen { door.yield(.screen($0)) } }
            group.addTask { await tick(door) }
            group.addTask { await look(door, bell) }
            await show(first, on: screen, inputs) { action in
                if action == .refresh { return bell.ring(at: time.now()) }
                group.addTask { door.yield(.event(.finished(action, await perform(action)))) }
            }
            group.cancelAll()
        }
    }

    /// Takes note of everything that comes and shows it. `start` has something done.
    private func show(
        _ first: [QueueView], on screen: TerminalScreen, _ inputs: AsyncStream<Input>,
        start: (MonitorAction) -> Void
    ) async {
        var state = MonitorState(server: server, interval: interval, size: screen.size, now: time.now())
        _ = state.apply(.sample(first, at: time.now()))
        screen.show(Pages.frame(state, colour: screen.hasColours))
        // Nothing is drawn over what the shell shows meanwhile.
        var isSuspended = false
        for await input in inputs {
            var actions: [MonitorAction] = []
            switch input {
            case .event(let event): actions = state.apply(event)
            case .screen(.key(let key)): actions = state.apply(.key(key))
            case .screen(.resized(let size)): actions = state.apply(.resized(size))
            case .screen(.said(let line)): actions = state.apply(.said(line))
            case .screen(.suspended): actions = [.suspend]
            case .screen(.continued):
                isSuspended = !screen.resume()
                actions = state.apply(.resized(screen.size)) + [.refresh]
            case .screen(.ended): return
            }
            for action in actions {
                switch action {
                case .quit: return
                case .redraw: screen.forget()
                case .suspend:
                    isSuspended = true
                    screen.suspend()
                case .setPaused, .replay, .refresh: start(action)
                }
            }
            if !isSuspended { screen.show(Pages.frame(state, colour: screen.hasColours)) }
        }
    }

    // MARK: Duties

    private func tick(_ door: AsyncStream<Input>.Continuation) async {
        while (try? await time.sleep(for: Monitor.beat)) != nil { door.yield(.event(.tick(time.now()))) }
    }

    private func look(_ door: AsyncStream<Input>.Continuation, _ bell: Bell) async {
        while true {
            await bell.wait(until: time.now().advanced(by: interval), on: time)
            if Task.isCancelled { return }
            do {
                door.yield(.event(.sample(try await desk.look(), at: time.now())))
            } catch {
                if Task.isCancelled { return }
                door.yield(.event(.failed(desk.sentence(error), at: time.now())))
            }
        }
    }

    private func perform(_ action: MonitorAction) async -> MonitorEvent.Outcome {
        do {
            switch action {
            case .setPaused(let queue, let isPaused):
                try await desk.setPaused(queue, isPaused)
                return .done(nil)
            case .replay(let queue): return .done(try await desk.replay(queue))
            case .refresh, .redraw, .suspend, .quit: return .done(nil)
            }
        } catch {
            return .failed(desk.sentence(error))
        }
    }
}
