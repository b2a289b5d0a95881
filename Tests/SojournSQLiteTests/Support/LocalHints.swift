#if SQLite
import SojournCore
import SojournModel
import Synchronization

/// Hints in memory that go where the test wants them to: out of reach, lost, refused at the n-th call.
final class LocalHints: HintChannel {
    struct State {
        var hints: [Hint] = []
        var paused: Set<QueueName> = []
        var epoch = ""
        var fillings = 0
        var isDown = false
        var calls = 0
        var failingCall: Int?
        /// How many hints each push brought.
        var pushes: [Int] = []
        /// Called before each push, with how many there were.
        var onPush: @Sendable (inout State) -> Void = { _ in }
    }
    let name = "local"
    let waiters: WaitList
    let state = Mutex(State())

    init(time: any TimeSource) { waiters = WaitList(time: time) }

    private func call<Value: Sendable>(_ body: (inout State) -> Value) throws(BackendError) -> Value {
        let value: Value? = state.withLock { state in
            state.calls += 1
            if state.isDown || state.calls == state.failingCall { return nil }
            return body(&state)
        }
        guard let value else { throw BackendError(.unavailable, "The hints are out of reach.") }
        return value
    }

    func push(_ hints: [Hint]) async throws(BackendError) {
        try call { state in
            state.onPush(&state)
            state.pushes.append(hints.count)
            state.hints += hints
        }
        for hint in hints { waiters.wake(hint.line.lane.queue, type: hint.line.type, count: 1) }
    }

    func pop(_ request: LeaseRequest) async throws(BackendError) -> [Hint] {
        try call { state in
            state.hints.sort { $0.availableAt < $1.availableAt }
            let popped = Array(
                state.hints.filter { !state.paused.contains($0.line.lane.queue) }.prefix(request.limit))
            for hint in popped { state.hints.removeAll { $0 == hint } }
            return popped
        }
    }

    func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError) {
        try call { if isPaused { $0.paused.insert(queue) } else { $0.paused.remove(queue) } }
    }

    func look() async throws(BackendError) -> HintView {
        try call { state in
            let firsts = Dictionary(state.hints.map { ($0.line, $0.availableAt) }, uniquingKeysWith: min)
            let epoch: HintEpoch =
                state.epoch == "complete"
                ? .complete : state.epoch.hasPrefix("filling") ? .filling : .lost(token: state.epoch)
            return HintView(epoch: epoch, firsts: firsts, paused: state.paused)
        }
    }

    func beginFilling(insteadOf token: String) async throws(BackendError) -> HintFilling? {
        try call { state in
            guard state.epoch == token else { return nil }
            state.fillings += 1
            state.epoch = "filling \(state.fillings)"
            state.hints = []
            return HintFilling(token: state.epoch)
        }
    }

    func goOnFilling(_ filling: HintFilling) async throws(BackendError) -> Bool {
        try call { $0.epoch == filling.token }
    }

    func endFilling(_ filling: HintFilling) async throws(BackendError) -> Bool {
        try call { state in
            guard state.epoch == filling.token else { return false }
            state.epoch = "complete"
            return true
        }
    }

    func run() async throws {}
}
#endif
