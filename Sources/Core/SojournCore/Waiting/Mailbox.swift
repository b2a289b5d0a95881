import Synchronization

/// Gathers values from many senders for a few receivers, each of whom takes all that are there at once.
///
/// What makes group commit: while the receivers are busy with their batches, the next one gathers.
public final class Mailbox<Value: Sendable>: Sendable {
    fileprivate struct State {
        var values: [Value] = []
        var isFinished = false
        var receivers: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    /// An empty mailbox.
    public init() {}

    /// Adds a value. After ``finish()`` too: the receiver takes what is left before it hears of the end.
    public func send(_ value: Value) {
        let receiver = state.withLock { state in
            state.values.append(value)
            return state.receivers.popLast()
        }
        receiver?.resume()
    }

    /// No more values will come.
    public func finish() {
        let receivers = state.withLock { state in
            state.isFinished = true
            defer { state.receivers = [] }
            return state.receivers
        }
        for receiver in receivers { receiver.resume() }
    }

    /// Waits for values and takes at most `limit`, oldest first; nil once finished and empty.
    public func take(upTo limit: Int) async -> [Value]? {
        while true {
            await ready()
            let values = state.withLock { $0.take(upTo: limit) }
            // Another receiver may have been quicker.
            guard let values, values.isEmpty else { return values }
        }
    }

    private func ready() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReady = state.withLock { state in
                if !state.values.isEmpty || state.isFinished { return true }
                state.receivers.append(continuation)
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}

extension Mailbox.State {
    fileprivate mutating func take(upTo limit: Int) -> [Value]? {
        if values.isEmpty { return isFinished ? nil : [] }
        if values.count <= limit {
            defer { values = [] }
            return values
        }
        defer { values.removeFirst(limit) }
        return Array(values.prefix(limit))
    }
}
