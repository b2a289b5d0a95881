#if Postgres
/// Who has which connection. It decides everything; ``PQPool`` does it.
struct PoolState {
    typealias Waiter = CheckedContinuation<Turn, Never>

    /// What a caller may do next.
    enum Turn: Sendable {
        case use(Link)
        /// Open a connection; its place is reserved.
        case open
        case refused(PQError)
    }

    let maximum: Int
    private(set) var isClosed = false
    /// Connections that are open or being opened, and places reserved for them.
    private(set) var count = 0
    /// The last one used comes first, so that what is not needed stays unused.
    private(set) var idle: [Link] = []
    /// Every open connection, listeners too.
    private(set) var links: [ObjectIdentifier: Link] = [:]
    private(set) var waiting = WaitLine<Waiter>()
    private var failures = 0
    private var gate = Moment(nanoseconds: 0)
    private var lastFailure: PQError?

    init(maximum: Int) { self.maximum = max(1, maximum) }

    /// A turn at once, or nil if the caller must stand in line.
    mutating func turn() -> Turn? {
        if isClosed { return .refused(.closed) }
        if let link = idle.popLast() { return .use(link) }
        guard count < maximum else { return nil }
        count += 1
        return .open
    }

    mutating func newTicket() -> Int { waiting.newTicket() }

    mutating func join(_ waiter: Waiter, ticket: Int) { waiting.join(waiter, ticket: ticket) }

    mutating func leave(_ ticket: Int) -> Waiter? { waiting.leave(ticket) }

    /// Takes a connection back. Who gets it, or else its place; nil if nobody waits.
    mutating func giveBack(_ link: Link, isClean: Bool) -> (Waiter, Turn)? {
        guard isClean, !isClosed else { return freePlace() }
        if let waiter = waiting.next() { return (waiter, .use(link)) }
        idle.append(link)
        return nil
    }

    /// A connection is gone, or could not be opened. Who may open another.
    mutating func freePlace() -> (Waiter, Turn)? {
        if let waiter = waiting.next() { return (waiter, .open) }
        count -= 1
        return nil
    }

    /// False if the pool has closed meanwhile.
    mutating func opened(_ link: Link) -> Bool {
        guard !isClosed else { return false }
        links[ObjectIdentifier(link)] = link
        failures = 0
        lastFailure = nil
        return true
    }

    /// A connection broke. If it was idle, its place is free; if not, its user gives it back.
    mutating func lost(_ link: Link) -> (Waiter, Turn)? {
        links[ObjectIdentifier(link)] = nil
        guard let index = idle.firstIndex(where: { $0 === link }) else { return nil }
        idle.remove(at: index)
        return freePlace()
    }

    /// Until when nobody should try to connect, how many tries have failed so far, and why the last one did.
    var attempt: (gate: Moment, failures: Int, last: PQError?) { (gate, failures, lastFailure) }

    /// Notes a try that failed. Of several that began together only the first counts.
    mutating func failed(_ error: PQError, began failures: Int, now: Moment, chance: Double) {
        lastFailure = error
        guard failures == self.failures else { return }
        self.failures += 1
        gate = now + Backoff().delay(failures: self.failures, chance: chance)
    }

    /// Everybody who waits, and all connections.
    mutating func close() -> (waiters: [Waiter], links: [Link]) {
        if isClosed { return ([], []) }
        isClosed = true
        var waiters: [Waiter] = []
        while let waiter = waiting.next() { waiters.append(waiter) }
        count -= idle.count
        idle = []
        return (waiters, Array(links.values))
    }
}
#endif
