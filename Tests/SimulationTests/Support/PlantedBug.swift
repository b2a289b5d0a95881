import SimulationKit
import SojournCore
import SojournModel
import Synchronization
import Testing

/// A bug that the simulation must find.
struct PlantedBug: Sendable, CustomTestStringConvertible {
    let name: String
    /// The invariant that it breaks.
    let breaks: String
    /// The bug, for one world; draws from a stream of that world.
    let plant: @Sendable (Dice) -> Sabotage

    var testDescription: String { name }

    /// A bug of the store.
    static func store(
        _ name: String, breaks: String, _ tamper: @escaping @Sendable (inout TamperedStore, Dice, Memory) -> Void
    ) -> PlantedBug {
        PlantedBug(name: name, breaks: breaks) { dice in
            let memory = Memory()
            var sabotage = Sabotage()
            sabotage.store = { base, time in
                var store = TamperedStore(base)
                memory.time = time
                tamper(&store, dice, memory)
                return store
            }
            return sabotage
        }
    }

    /// A bug that does something else with a verdict.
    static func verdict(
        _ name: String, breaks: String, _ change: @escaping @Sendable (AttemptResult, Dice) -> Verdict?
    ) -> PlantedBug {
        store(name, breaks: breaks) { store, dice, _ in
            store.finishing = { results in
                results.map { AttemptResult(report: $0.report, verdict: change($0, dice) ?? $0.verdict) }
            }
        }
    }

    /// A bug that shows tasks as they are not.
    static func message(
        _ name: String, breaks: String, _ change: @escaping @Sendable (inout TaskMessage, Dice) -> Void
    ) -> PlantedBug {
        store(name, breaks: breaks) { store, dice, _ in
            store.granted = { deliveries in
                deliveries.map { delivery in
                    var message = delivery.message
                    change(&message, dice)
                    return Delivery(message: message, lease: delivery.lease)
                }
            }
        }
    }
}

/// What the processes of a world with a bug share.
final class Memory: Sendable {
    private struct State {
        var tokens: [TaskID: LeaseToken] = [:]
        var last: Delivery?
        var settled: Set<LeaseToken> = []
        var time: (any TimeSource)?
    }
    private let state = Mutex(State())

    /// The clock of the world.
    var time: (any TimeSource)? {
        get { state.withLock { $0.time } }
        set { state.withLock { $0.time = newValue } }
    }

    func note(_ deliveries: [Delivery]) {
        state.withLock { state in
            for delivery in deliveries { state.tokens[delivery.message.id] = delivery.lease.token }
            state.last = deliveries.last ?? state.last
        }
    }

    /// The lease that the task has now, whoever asks.
    func current(_ lease: Lease) -> Lease {
        let token = state.withLock { $0.tokens[lease.task] } ?? lease.token
        return Lease(task: lease.task, token: token, expiresAt: lease.expiresAt)
    }

    /// Remembers what was settled, for ever.
    func settle(_ results: [AttemptResult]) {
        state.withLock { state in
            for result in results { state.settled.insert(result.report.delivery.lease.token) }
        }
    }

    func hasSettled(_ result: AttemptResult) -> Bool {
        state.withLock { $0.settled.contains(result.report.delivery.lease.token) }
    }

    /// What was handed out last.
    var last: Delivery? { state.withLock { $0.last } }
}
