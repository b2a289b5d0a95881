import Synchronization

/// Gathers values from many senders for one receiver, who takes all that are there at once.
///
/// What makes group commit: while the receiver is busy with one batch, the next one gathers.
public final class Mailbox<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var isFinished = false
        var receiver: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    /// An empty mailbox.
    public init() {}

    /// Adds a value. After ``finish()`` too: the receiver takes what is left before it hears of the end.
    public func send(_ value: Value) { wake { $0.values.append(value) } }

    /// No more values will come.
    public func finish() { wake { $0.isFinished = true } }

    /// Waits for values and takes at most `limit`, oldest first; nil once finished and empty.
    public func take(upTo limit: Int) async -> [Value]? {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReady = state.withLock { state in
                precondition(state.receiver == nil, "A mailbox has one receiver.")
                if !state.values.isEmpty || state.isFinished { return true }
                state.receiver = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
        return state.withLock { state in
            if state.values.isEmpty { return nil }
            if state.values.count <= limit {
                defer { state.values = [] }
                return state.values
            }
            defer { state.values.removeFirst(limit) }
            return Array(state.values.prefix(limit))
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let receiver = state.withLock { state in
            change(&state)
            defer { state.receiver = nil }
            return state.receiver
        }
        receiver?.resume()
    }
}
