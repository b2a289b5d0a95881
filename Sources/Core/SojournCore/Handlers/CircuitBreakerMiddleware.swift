public import SojournModel
import Synchronization

/// Gives types of tasks a circuit breaker each: while it is open their tasks wait, and no attempt is counted.
public final class CircuitBreakerMiddleware: TaskMiddleware {
    private let breakers: Mutex<[TaskType: CircuitBreaker]>
    private let time: any TimeSource

    /// Breakers for the types in `policies`; other types run freely.
    public init(_ policies: [TaskType: CircuitBreaker.Policy], time: any TimeSource = SystemTime()) {
        self.breakers = Mutex(policies.mapValues { CircuitBreaker(policy: $0) })
        self.time = time
    }

    /// What the breaker of `type` thinks, if it has one.
    public func state(of type: TaskType) -> CircuitBreaker.State? { breakers.withLock { $0[type]?.state } }

    /// Runs the attempt unless its breaker is open.
    public func intercept(_ delivery: Delivery, context: TaskContext, next: Next) async -> Outcome {
        let type = delivery.message.type
        switch breakers.withLock({ $0[type]?.admit(now: time.now()) }) {
        case .wait(let delay): return .breakerOpen(delay)
        case .run, nil: break
        }
        let outcome = await next(delivery, context)
        if let success = Self.verdict(on: outcome) {
            breakers.withLock { $0[type]?.record(success: success, now: time.now()) }
        }
        return outcome
    }

    /// Whether the outcome says something about the other side; a shutdown or a snooze does not.
    private static func verdict(on outcome: Outcome) -> Bool? {
        switch outcome {
        case .succeeded, .discarded: true
        case .failed, .leaseExpired: false
        case .snoozed, .cancelled, .interrupted, .breakerOpen: nil
        }
    }
}
