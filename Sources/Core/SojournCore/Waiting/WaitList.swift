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
        var signal: OneShot
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

    /// Takes a place in the line for tasks of `queues` (none = all). Give it back with ``cancel(_:)`` unless you wait.
    public func ticket(for queues: [QueueName]) -> Ticket {
        state.withLock { state in
            state.nextID += 1
            let ticket = Ticket(id: state.nextID, signal: OneShot())
            state.waiters.append(Waiter(id: ticket.id, queues: Set(queues), signal: ticket.signal))
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

    /// Tells at most `count` callers that tasks appeared in `queue`.
    public func wake(_ queue: QueueName, count: Int) {
        guard count > 0 else { return }
        wake(count: count) { $0.isEmpty || $0.contains(queue) }
    }

    /// Tells every caller to look again.
    public func wakeAll() { wake(count: .max) { _ in true } }

    private func wake(count: Int, where serves: (Set<QueueName>) -> Bool) {
        let woken = state.withLock { state in
            var woken: [OneShot] = []
            state.waiters.removeAll { waiter in
                guard woken.count < count, serves(waiter.queues) else { return false }
                woken.append(waiter.signal)
                return true
            }
            return woken
        }
        for signal in woken { signal.fire() }
    }
}
