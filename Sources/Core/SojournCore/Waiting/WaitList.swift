public import SojournModel
import Synchronization

/// Callers that wait for tasks to appear in queues: woken by a publish, never by polling.
///
/// To lose no wake-up, a caller takes a ticket, looks for tasks, and only then waits with the ticket: a publish in
/// between has marked the ticket. One publish wakes as many callers as it has tasks, longest waiting first, so that
/// a thousand idle workers do not all run for one task.
public final class WaitList: Sendable {
    /// A place in the line.
    public struct Ticket: Sendable {
        let id: UInt64
        let signal: OneShot
    }
    private struct Waiter {
        var id: UInt64
        var queues: Set<QueueName>
        var types: Set<TaskType>?
        var signal: OneShot

        /// Whether a task of `type` in `queue` is one for this caller; nil stands for some type.
        func serves(_ queue: QueueName, _ type: TaskType?) -> Bool {
            guard queues.isEmpty || queues.contains(queue) else { return false }
            guard let type, let types else { return true }
            return types.contains(type)
        }
    }
    private struct State {
        var waiters: [Waiter] = []
        var nextID: UInt64 = 0
    }
    private let state = Mutex(State())
    private let time: any TimeSource

    /// An empty list whose callers wait on `time`.
    public init(time: any TimeSource) { self.time = time }

    /// How many callers stand in the line.
    public var count: Int { state.withLock { $0.waiters.count } }

    /// Takes a place in the line for tasks of `queues` (none = all) and `types` (nil = all). Give it back with
    /// ``cancel(_:)`` unless you wait.
    public func ticket(for queues: [QueueName], types: Set<TaskType>? = nil) -> Ticket {
        state.withLock { state in
            state.nextID += 1
            let ticket = Ticket(id: state.nextID, signal: OneShot())
            state.waiters.append(
                Waiter(id: ticket.id, queues: Set(queues), types: types, signal: ticket.signal))
            return ticket
        }
    }

    /// Gives a place in the line back.
    public func cancel(_ ticket: Ticket) {
        state.withLock { state in state.waiters.removeAll { $0.id == ticket.id } }
    }

    /// Returns when tasks may have appeared, at `instant` at the latest; the ticket is spent.
    public func wait(_ ticket: Ticket, until instant: Timestamp) async {
        await ticket.signal.wait(until: instant, on: time)
        cancel(ticket)
    }

    /// Tells at most `count` callers that tasks of `type` (nil = of some type) appeared in `queue`. Callers that could
    /// not run them sleep on: a wake-up that went to one of them would be lost.
    public func wake(_ queue: QueueName, type: TaskType? = nil, count: Int) {
        guard count > 0 else { return }
        wake(count: count) { $0.serves(queue, type) }
    }

    /// Tells every caller to look again.
    public func wakeAll() { wake(count: .max) { _ in true } }

    private func wake(count: Int, where serves: (Waiter) -> Bool) {
        let woken = state.withLock { state in
            var woken: [OneShot] = []
            state.waiters.removeAll { waiter in
                guard woken.count < count, serves(waiter) else { return false }
                woken.append(waiter.signal)
                return true
            }
            return woken
        }
        for signal in woken { signal.fire() }
    }
}
