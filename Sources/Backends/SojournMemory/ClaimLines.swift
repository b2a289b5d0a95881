import SojournCore
import SojournModel
import Synchronization

/// Claims that wait for tasks, apart by the types that they can run.
///
/// A wake-up is handed to one claim at a time. If it went to a claim that cannot run the task, the claim that can
/// would sleep on; so each set of types has a line of its own.
final class ClaimLines: Sendable {
    /// A place in one of the lines.
    struct Ticket: Sendable {
        fileprivate let list: WaitList
        fileprivate let ticket: WaitList.Ticket
    }

    /// Past this many sets of types, those that nobody waits for are forgotten.
    private static let remembered = 64
    private let lists = Mutex<[Set<TaskType>?: WaitList]>([:])
    private let time: any TimeSource

    init(time: any TimeSource) { self.time = time }

    /// Takes a place in the line for what `request` asks for.
    func ticket(for request: LeaseRequest) -> Ticket {
        lists.withLock { lists in
            if lists.count > Self.remembered { lists = lists.filter { $0.value.count > 0 } }
            let list = lists[request.types] ?? WaitList(time: time)
            lists[request.types] = list
            return Ticket(list: list, ticket: list.ticket(for: request.queues))
        }
    }

    /// Gives a place in the line back.
    func cancel(_ ticket: Ticket) { ticket.list.cancel(ticket.ticket) }

    /// Returns when tasks may have appeared, at `instant` at the latest; the ticket is spent.
    func wait(_ ticket: Ticket, until instant: Timestamp) async {
        await ticket.list.wait(ticket.ticket, until: instant)
    }

    /// Tells as many claims as there are new tasks for them.
    func wake(_ arrivals: Arrivals) {
        if arrivals.isEmpty { return }
        let lists = lists.withLock { $0 }
        for (arrival, count) in arrivals {
            for (types, list) in lists where types?.contains(arrival.type) ?? true {
                list.wake(arrival.queue, count: count)
            }
        }
    }
}
