#if Postgres
/// Those who wait, first come first served. Leaving the line costs the same wherever one stands.
struct WaitLine<Waiter> {
    private var waiters: [Int: Waiter] = [:]
    /// The tickets in order; those who left are still in it.
    private var order: [Int] = []
    private var head = 0
    private var counter = 0

    var count: Int { waiters.count }

    /// A ticket to leave with.
    mutating func newTicket() -> Int {
        counter += 1
        return counter
    }

    mutating func join(_ waiter: Waiter, ticket: Int) {
        waiters[ticket] = waiter
        order.append(ticket)
    }

    mutating func leave(_ ticket: Int) -> Waiter? {
        let waiter = waiters.removeValue(forKey: ticket)
        if waiters.isEmpty { (order, head) = ([], 0) }
        return waiter
    }

    mutating func next() -> Waiter? {
        while head < order.count {
            let ticket = order[head]
            head += 1
            if head > 1024, head * 2 > order.count {
                order.removeFirst(head)
                head = 0
            }
            if let waiter = leave(ticket) { return waiter }
        }
        return nil
    }
}
#endif
