public import SojournCore
public import SojournModel
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
    public func begin(_ depths: [QueueDepth], paused: Set<QueueName> = []) {
        let now = time.now()
        state.withLock { state in
            state.paused = paused
            for (queue, line) in Self.lines(depths) where line.waiting > 0 {
                state.begin(queue, waiting: line.waiting, oldest: line.oldest, at: now)
            }
        }
    }

    /// What is counted now; to be taken before the backend is asked for its depths.
    func marks() -> [QueueName: QueueControl.Mark] { state.withLock { $0.queues.mapValues(\.mark) } }

    /// Compares the counts with those that the backend made after `marks` were taken.
    func compare(_ depths: [QueueDepth], with marks: [QueueName: QueueControl.Mark]) {
        let now = time.now()
        let lines = Self.lines(depths)
        for (queue, mark) in marks {
            state.withLock { state in
                let slots = state.directory.slots(for: queue)
                state.queues[queue]?.compare(
                    waiting: lines[queue]?.waiting ?? 0, with: mark, claimable: max(0, slots.ready - slots.busy),
                    at: now)
            }
        }
    }

    /// Brings the estimates up to date and decides on workers.
    package func tick() -> Tick {
        let now = time.now()
        let queues = state.withLock { state in
            state.directory.forgetSilent(at: state.seconds(now))
            state.sweep(at: now)
            return Array(state.queues.keys)
        }
        var tick = Tick()
        // One queue at a time, so that no task has to wait for all of them.
        for queue in queues { state.withLock { $0.tick(queue, at: now, into: &tick) } }
        return tick
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
        var fleet = fleetForScaling(queue, at: now)
        // Where slots are what is scaled, a queue has those that were set for it.
        if configuration.scaling == .slots, let own = scalers[queue]?.slots { fleet.ready = own }
        guard let sample = queues[queue]?.tick(fleet, at: now), let control = queues[queue] else { return }
        if let news = control.newFinding { tick.findings.append((queue, news)) }
        if paused.contains(queue) { return }
        let before = scalers[queue]?.events.first?.at ?? .distantPast
        let directory = self.directory
        let orders = scalers[queue]?.decide(sample, control.load, at: now) { directory.held(by: $0) } ?? []
        for order in orders {
            switch order {
            case .stop(let name): self.directory.left(name)
            case .resize:
                // All of them count together.
                for (queue, scaler) in scalers { tick.slots[queue] = scaler.slots }
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
