import Foundation
import Synchronization

/// A value that one thread brings, once, and for which others wait. Waiting blocks their threads.
final class Awaited<Value: Sendable>: Sendable {
    private let slot = Mutex<Value?>(nil)
    private let condition = NSCondition()

    /// The value, if it has come.
    var value: Value? { slot.withLock { $0 } }

    /// Brings what `make` returns; nobody finds the value absent while that runs.
    func bring(_ make: () -> Value) {
        slot.withLock { $0 = make() }
        condition.withLock { condition.broadcast() }
    }

    /// Runs `body` if the value has not come; it does not come meanwhile.
    func whileAbsent(_ body: () -> Void) {
        slot.withLock { value in
            if value == nil { body() }
        }
    }

    /// The value, as soon as it has come.
    func wait() -> Value {
        condition.withLock {
            while true {
                if let value { return value }
                condition.wait()
            }
        }
    }

    /// The value, as soon as it has come; nil if it has not at `end`.
    func wait(until end: Date) -> Value? {
        condition.withLock {
            while value == nil, condition.wait(until: end) {}
            return value
        }
    }
}
