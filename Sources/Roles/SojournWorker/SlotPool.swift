import Synchronization

/// Bounds how many attempts run at once, and how many finished ones may wait to be settled. One waiter: the claim loop.
final class SlotPool: Sendable {
    private struct State {
        var capacity: Int
        var unsettledMax: Int
        /// Below zero while more attempts run than the pool was made smaller to.
        var free: Int
        var unsettled = 0
        var isClosed = false
        var waiter: CheckedContinuation<Void, Never>?
    }
    private let state: Mutex<State>

    init(capacity: Int, unsettledMax: Int) {
        precondition(capacity >= 1 && unsettledMax >= capacity)
        self.state = Mutex(State(capacity: capacity, unsettledMax: unsettledMax, free: capacity))
    }

    /// How many attempts may run at once.
    var capacity: Int { state.withLock { $0.capacity } }

    /// Lets another number of attempts run at once. Those that run go on.
    func resize(to capacity: Int) {
        let capacity = max(1, capacity)
        change { state in
            state.free += capacity - state.capacity
            state.unsettledMax += 2 * (capacity - state.capacity)
            state.capacity = capacity
        }
    }

    /// Waits until a slot is free, then takes up to `limit`. Returns 0 once closed.
    func acquire(upTo limit: Int) async -> Int {
        while true {
            await ready()
            // Between the wait and this look the pool may have become smaller.
            let taken = state.withLock { state -> Int? in
                if state.isClosed { return 0 }
                guard state.free > 0 else { return nil }
                let taken = min(limit, state.free)
                state.free -= taken
                return taken
            }
            if let taken { return taken }
        }
    }

    private func ready() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReady = state.withLock { state in
                precondition(state.waiter == nil, "A slot pool has one waiter.")
                if state.isClosed || canAcquire(state) { return true }
                state.waiter = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    /// Gives slots back that were not used.
    func release(_ count: Int) { change { $0.free += count } }

    /// An attempt ended: its slot is free, its report waits.
    func finished() {
        change { state in
            state.free += 1
            state.unsettled += 1
        }
    }

    /// Reports were written, or given up.
    func settled(_ count: Int) { change { $0.unsettled -= count } }

    /// Lets the claim loop end.
    func close() { change { $0.isClosed = true } }

    private func canAcquire(_ state: State) -> Bool { state.free > 0 && state.unsettled < state.unsettledMax }

    private func change(_ body: (inout State) -> Void) {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            body(&state)
            guard state.isClosed || canAcquire(state) else { return nil }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
