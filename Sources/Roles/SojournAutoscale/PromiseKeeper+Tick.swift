public import SojournCore
import SojournModel
import SojournPromise
import Synchronization

extension PromiseKeeper {
    /// What one tick decided and found.
    package struct Tick: Sendable {
        var orders: [FleetOrder] = []
        var events: [(queue: QueueName, event: ScalingEvent)] = []
        var findings: [(queue: QueueName, text: String)] = []
        /// Attempts at once of this process that each queue needs, where those are scaled.
        var slots: [QueueName: Int] = [:]
    }

    /// Begins with what the backend holds. To be called before the first task moves.
    public func begin(_ depths: [QueueDepth]) {
        let now = time.now()
        state.withLock { state in
            for (queue, line) in Self.lines(depths) where line.waiting > 0 {
                state.begin(queue, waiting: line.waiting, oldest: line.oldest, at: now)
            }
        }
    }

    /// Compares the counts with those of the backend.
    func compare(_ depths: [QueueDepth]) {
        let now = time.now()
        let lines = Self.lines(depths)
        state.withLock { state in
            for queue in state.queues.keys {
                let line = lines[queue] ?? (0, nil)
                state.change(queue) { $0.compare(waiting: line.waiting, oldest: line.oldest, at: now) }
            }
        }
    }

    /// Brings the estimates up to date and decides on workers.
    package func tick() -> Tick {
        let now = time.now()
        return state.withLock { state in
            state.directory.forgetSilent(at: state.seconds(now))
            state.sweep()
            var tick = Tick()
            for queue in state.queues.keys { state.tick(queue, at: now, into: &tick) }
            return tick
        }
    }

    /// A worker process has ended.
    func ended(_ worker: String) {
        let now = time.now()
        state.withLock { state in
            state.directory.left(worker)
            let seconds = state.seconds(now)
            for queue in state.scalers.keys { state.scalers[queue]?.ended(worker, at: seconds) }
        }
    }

    private static func lines(_ depths: [QueueDepth]) -> [QueueName: (waiting: Int, oldest: Timestamp?)] {
        depths.reduce(into: [:]) { lines, depth in
            let before = lines[depth.queue] ?? (0, nil)
            let oldest = [before.1, depth.oldestAvailableAt].compactMap { $0 }.min()
            lines[depth.queue] = (before.0 + (depth.counts[.queued] ?? 0), oldest)
        }
    }
}

extension KeeperState {
    fileprivate mutating func tick(_ queue: QueueName, at now: Timestamp, into tick: inout PromiseKeeper.Tick) {
        let fleet = fleet(for: queue, at: now)
        guard let sample = queues[queue]?.tick(fleet, at: now), let control = queues[queue] else { return }
        if let news = control.newFinding { tick.findings.append((queue, news)) }
        let before = scalers[queue]?.events.first?.at ?? .distantPast
        let directory = directory
        let orders = scalers[queue]?.decide(sample, control.load, at: now) { directory.held(by: $0) } ?? []
        for order in orders {
            switch order {
            case .stop(let name): self.directory.left(name)
            case .resize(let slots, let queue): tick.slots[queue] = slots
            case .launch: break
            }
        }
        tick.orders += orders
        if let event = scalers[queue]?.events.first, event.at > before { tick.events.append((queue, event)) }
        if let startup = scalers[queue]?.startup, startup != control.startup {
            queues[queue]?.learn(startup: startup)
            scalers[queue]?.learn(startup: startup)
        }
    }
}
