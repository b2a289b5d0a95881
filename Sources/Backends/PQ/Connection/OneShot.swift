#if Postgres
import Synchronization

/// A value that several may bring and one waits for: the first counts.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Value, Never>)
        case early(Value)
        case done
    }

    private let state = Mutex(State.empty)

    /// False if another was first.
    @discardableResult
    func bring(_ value: Value) -> Bool {
        let (isFirst, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Value, Never>?) in
            switch state {
            case .empty:
                state = .early(value)
                return (true, nil)
            case .waiting(let continuation):
                state = .done
                return (true, continuation)
            case .early, .done: return (false, nil)
            }
        }
        waiter?.resume(returning: value)
        return isFirst
    }

    /// To be called once.
    func take() async -> Value {
        await withCheckedContinuation { continuation in
            let early = state.withLock { state -> Value? in
                guard case .early(let value) = state else {
                    state = .waiting(continuation)
                    return nil
                }
                state = .done
                return value
            }
            if let early { continuation.resume(returning: early) }
        }
    }
}
#endif
