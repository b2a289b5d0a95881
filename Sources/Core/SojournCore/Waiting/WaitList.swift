public import SojournModel
import Synchronization

/// Callers that wait for tasks to appear in queues: woken by a publish, never by polling.
///
/// To lose no wake-up, a caller takes a ticket, looks for tasks, and only then waits with the ticket: a publish in
/// between has marked the ticket. One publish wakes as many callers as it has tasks, longest waiting first, so that
/// a thousand idle workers do not all run for one task. A caller that makes no use of its call passes it on
/// (``passOn(_:unlessIn:)``). ``claim(_:lookAgain:_:)`` is all of that in one.
public final class WaitList: Sendable {
    /// A place in the line.
    public struct Ticket: Sendable {
        let id: UInt64
        let signal = OneShot()
        fileprivate let call = CallBox()
    }
    /// What a caller was woken for.
    public struct Call: Sendable {
        fileprivate let queue: QueueName
        fileprivate let type: TaskType?
    }
    /// Written before, and read after, its caller has left the line.
    fileprivate final class CallBox: Sendable {
        let value = Mutex<Call?>(nil)
    }
    private struct Waiter {
        var id: UInt64
        var queues: Set<QueueName>
        var types: Set<TaskType>?
        var ticket: Ticket

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
    let time: any TimeSource

    /// An empty list whose callers wait on `time`.
    public init(time: any TimeSource) { self.time = time }

    /// How many callers stand in the line.
    public var count: Int { state.withLock { $0.waiters.count } }

    /// Takes a place in the line for tasks of `queues` (none = all) and `types` (nil = all). Give it back with
    /// ``cancel(_:)`` unless you wait.
    public func ticket(for queues: [QueueName], types: Set<TaskType>? = nil) -> Ticket {
        state.withLock { state in
            state.nextID += 1
            let ticket = Ticket(id: state.nextID)
            state.waiters.append(Waiter(id: ticket.id, queues: Set(queues), types: types, ticket: ticket))
            return ticket
        }
    }

    /// Gives a place in the line back. Says what its holder was called for meanwhile, if it was.
    @discardableResult
    public func cancel(_ ticket: Ticket) -> Call? {
        state.withLock { state in state.waiters.removeAll { $0.id == ticket.id } }
        return ticket.call.value.withLock { $0 }
    }

    /// Returns when tasks may have appeared, at `instant` at the latest; the ticket is spent. Says which tasks those
    /// are, where that is known.
    @discardableResult
    public func wait(_ ticket: Ticket, until instant: Timestamp) async -> Call? {
        await ticket.signal.wait(until: instant, on: time)
        return cancel(ticket)
    }

    /// Wakes somebody else for what a caller was woken for, where it took other tasks, or (nil) did not look.
    public func passOn(_ call: Call?, unlessIn grant: LeaseGrant?) {
        guard let call else { return }
        if let grant {
            let isTaken = grant.deliveries.contains { delivery in
                delivery.message.queue == call.queue && call.type.map { $0 == delivery.message.type } ?? true
            }
            // Where it found nothing, somebody else was quicker.
            if isTaken || grant.isEmpty { return }
        }
        wake(call.queue, type: call.type, count: 1)
    }

    /// Tells at most `count` callers that tasks of `type` (nil = of some type) appeared in `queue`. Callers that could
    /// not run them sleep on: a wake-up that went to one of them would be lost.
    public func wake(_ queue: QueueName, type: TaskType? = nil, count: Int) {
        guard count > 0 else { return }
        wake(count: count, for: Call(queue: queue, type: type)) { $0.serves(queue, type) }
    }

    /// Tells every caller to look again.
    public func wakeAll() { wake(count: .max, for: nil) { _ in true } }

    private func wake(count: Int, for call: Call?, where serves: (Waiter) -> Bool) {
        let woken = state.withLock { state in
            var woken: [Ticket] = []
            state.waiters.removeAll { waiter in
                guard woken.count < count, serves(waiter) else { return false }
                // Before it leaves the line: who comes back for another reason at this moment finds its call.
                waiter.ticket.call.value.withLock { $0 = call }
                woken.append(waiter.ticket)
                return true
            }
            return woken
        }
        for ticket in woken { ticket.signal.fire() }
    }
}
