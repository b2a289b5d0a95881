import Synchronization

/// Bounds how many attempts run at once, and how many finished ones may wait to be settled. The claim loops wait for
/// it.
final class SlotPool: Sendable {
    private struct State {
        var capacity: Int
        var unsettledMax: Int
        /// Below zero while more attempts run than the pool was made smaller to.
        var free: Int
        var unsettled = 0
        var isClosed = false
        var waiters: [CheckedContinuation<Void, Never>] = []
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
            // Between the wait and this look the pool may have become smaller, or another loop was quicker.
            let (taken, next) = state.withLock { state in
                if state.isClosed { return (0 as Int?, nil as CheckedContinuation<Void, Never>?) }
                guard canAcquire(state) else { return (nil, nil) }
                let taken = min(limit, state.free)
                state.free -= taken
                let hasMore = canAcquire(state) && !state.waiters.isEmpty
                return (taken, hasMore ? state.waiters.removeFirst() : nil)
            }
            next?.resume()
            if let taken { return taken }
        }
    }

    private func ready() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReady = state.withLock { state in
                if state.isClosed || canAcquire(state) { return true }
                state.waiters.append(continuation)
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
        let woken: [CheckedContinuation<Void, Never>] = state.withLock { state in
            body(&state)
            if state.waiters.isEmpty { return [] }
            if state.isClosed {
                defer { state.waiters = [] }
                return state.waiters
            }
            return canAcquire(state) ? [state.waiters.removeFirst()] : []
        }
        for waiter in woken { waiter.resume() }
    }
}
