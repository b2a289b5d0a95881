/// Remembers whom a queue told to come back and when, so that it does not tell all of them the same time.
struct ReturnTickets: Sendable {
    /// The shortest time that anybody is told, in seconds: less would be polling.
    private static let shortest = 0.1
    /// Past this many outstanding tickets the oldest are forgotten.
    private static let remembered = 8_192
    /// The times at which the clients told to come back will; about ascending.
    private var returns: [Double] = []
    private var first = 0
    /// Spreads returns evenly over 0 to 10 % (a golden-ratio sequence; no two neighbours are close).
    private var spread = 0.0

    /// How many were told to come back, and have not had the time to.
    mutating func outstanding(at now: Double) -> Int {
        forget(until: now)
        return returns.count - first
    }

    /// What to tell a client for whom there is room after `room` seconds: that time and up to a tenth more.
    mutating func issue(after room: Double, at now: Double) -> Double {
        spread = (spread + 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
        let seconds = max(Self.shortest, room) * (1 + 0.1 * spread)
        returns.append(now + seconds)
        return seconds
    }

    private mutating func forget(until now: Double) {
        while first < returns.count, returns[first] <= now || returns.count - first >= Self.remembered { first += 1 }
        if first > 1_024, first * 2 > returns.count {
            returns.removeFirst(first)
            first = 0
        }
    }
}
