import SojournCore
import SojournModel

/// The broker as one process sees it: through its gate, with the wake-ups that come from it.
final class FaultyHints: HintChannel {
    let name = "broker"
    let waiters: WaitList
    private let broker: HintBroker
    private let gate: Gate
    private let listener: Int

    init(_ broker: HintBroker, gate: Gate, time: any TimeSource) {
        self.broker = broker
        self.gate = gate
        waiters = WaitList(time: time)
        listener = broker.listen(waiters)
    }

    /// Hears nothing any more.
    func close() { broker.leave(listener) }

    func push(_ hints: [Hint]) async throws(BackendError) {
        try await gate.pass(
            "push", count: hints.count,
            tear: { count throws(BackendError) in try self.put(Array(hints.prefix(count))) },
            { () throws(BackendError) in try self.put(hints) })
    }

    /// Most arrive as they are; some are lost, doubled or misplaced.
    private func put(_ hints: [Hint]) throws(BackendError) {
        let rate = gate.rates.hints
        var arriving: [Hint] = []
        for hint in hints {
            guard gate.dice.happens(perMillion: rate) else {
                arriving.append(hint)
                continue
            }
            switch gate.dice.number(below: 3) {
            case 0: break
            case 1: arriving += [hint, hint.later(by: gate.dice.span(milliseconds: 0...5_000))]
            default: arriving.append(hint.later(by: gate.dice.span(milliseconds: -5_000...5_000)))
            }
        }
        try broker.step { state, _ in for hint in arriving { state.push(hint) } }
        broker.wake(hints)
    }

    func pop(_ request: LeaseRequest) async throws(BackendError) -> [Hint] {
        try await gate.pass("pop") { () throws(BackendError) in
            try broker.step { state, now in state.pop(request, now: now) }
        }
    }

    func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        try await gate.pass("hints.pause") { () throws(BackendError) in
            try broker.step { state, _ in
                if isPaused { state.paused.insert(queue) } else { state.paused.remove(queue) }
            }
        }
        if !isPaused { broker.wakeAll() }
    }

    func look() async throws(BackendError) -> HintView {
        try await gate.pass("look") { () throws(BackendError) in
            try broker.step { state, _ in
                let epoch: HintEpoch =
                    switch state.epoch {
                    case .lost: .lost(token: "\(state.generation)")
                    case .complete: .complete
                    case .filling: .filling
                    }
                return HintView(
                    epoch: epoch, firsts: state.lines.compactMapValues(\.first?.availableAt), paused: state.paused)
            }
        }
    }

    func beginFilling(insteadOf token: String) async throws(BackendError) -> HintFilling? {
        try await gate.pass("begin filling") { () throws(BackendError) in
            try broker.step { state, now in
                guard state.epoch == .lost, token == "\(state.generation)" else { return nil }
                state.generation += 1
                state.lines = [:]
                let own = "\(state.generation)"
                state.epoch = .filling(token: own, until: now.advanced(by: HintBroker.fillerLife))
                return HintFilling(token: own)
            }
        }
    }

    func goOnFilling(_ filling: HintFilling) async throws(BackendError) -> Bool {
        try await move(filling) { now in
            .filling(token: filling.token, until: now.advanced(by: HintBroker.fillerLife))
        }
    }

    func endFilling(_ filling: HintFilling) async throws(BackendError) -> Bool {
        try await move(filling) { _ in .complete }
    }

    private func move(
        _ filling: HintFilling, to next: (Timestamp) -> HintBroker.Epoch
    ) async throws(BackendError) -> Bool {
        try await gate.pass("filling") { () throws(BackendError) in
            try broker.step { state, now in
                guard case .filling(filling.token, _) = state.epoch else { return false }
                state.epoch = next(now)
                return true
            }
        }
    }

    func run() async throws {}
}

extension Hint {
    fileprivate func later(by span: Duration) -> Hint {
        Hint(id: id, line: line, availableAt: availableAt.advanced(by: span))
    }
}
