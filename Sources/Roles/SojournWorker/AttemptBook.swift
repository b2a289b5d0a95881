import SojournCore
import SojournModel

/// Why a running attempt was told to stop.
enum StopCause: Sendable {
    /// Its time is up.
    case timeout
    /// Somebody cancelled the task.
    case cancelled
    /// Its lease is gone; somebody else may have the task.
    case leaseLost
    /// The worker shuts down.
    case shutdown

    /// What the attempt's end means, given that it was told to stop; nil where nobody wants to hear of it.
    func judge(_ outcome: Outcome) -> Outcome? {
        switch (self, outcome) {
        case (.leaseLost, _): nil
        case (_, .succeeded), (_, .discarded): outcome
        case (.timeout, _): .failed(Failure("The attempt was stopped: it reached its time limit."))
        case (.cancelled, _): .cancelled
        case (.shutdown, .snoozed), (.shutdown, .breakerOpen): outcome
        case (.shutdown, _): .interrupted
        }
    }
}

/// One attempt. A class, because everybody who has to do with an attempt shares it, and a delivery is long.
final class Attempt: Sendable {
    let delivery: Delivery
    let startedAt: Timestamp
    /// When it is told to stop for taking too long.
    let timeLimit: Timestamp?

    init(_ delivery: Delivery, startedAt: Timestamp) {
        self.delivery = delivery
        self.startedAt = startedAt
        timeLimit = delivery.message.timeout.map { startedAt.advanced(by: $0) }
    }

    var token: LeaseToken { delivery.lease.token }
}

/// The attempts that run now. A plain value; ``AttemptTasks`` holds the lock and the tasks.
struct AttemptBook<Handle: Sendable>: Sendable {
    struct Entry: Sendable {
        let attempt: Attempt
        /// By which it can be stopped.
        let handle: Handle
        var cause: StopCause?
        /// How many had begun before.
        let place: Int
    }

    private var entries: [LeaseToken: Entry] = [:]
    private var begun = 0

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    /// Notes that an attempt begins.
    mutating func begin(_ attempt: Attempt, _ handle: Handle) {
        entries[attempt.token] = Entry(attempt: attempt, handle: handle, place: begun)
        begun += 1
    }

    /// Notes that an attempt ended.
    mutating func end(_ token: LeaseToken) -> Entry? { entries.removeValue(forKey: token) }

    /// Notes that an attempt shall stop; the handle to stop it by. The first cause stands.
    mutating func stop(_ token: LeaseToken, because cause: StopCause) -> Handle? {
        guard let entry = entries[token], entry.cause == nil else { return nil }
        entries[token]?.cause = cause
        return entry.handle
    }

    /// Oldest first, so that the same attempts are always treated in the same order.
    private var inOrder: [(key: LeaseToken, value: Entry)] { entries.sorted { $0.value.place < $1.value.place } }

    /// Leases to extend: an attempt that was stopped for time or a lost lease ends by itself or loses its lease.
    var leases: [Lease] {
        inOrder.compactMap { _, entry in
            switch entry.cause {
            case nil, .cancelled, .shutdown: entry.attempt.delivery.lease
            case .timeout, .leaseLost: nil
            }
        }
    }

    /// Every attempt that runs.
    var tokens: [LeaseToken] { inOrder.map(\.key) }

    private func place(of token: LeaseToken) -> Int { entries[token]?.place ?? 0 }

    /// Attempts whose time is up, and when the next one's will be.
    func overdue(at now: Timestamp) -> (tokens: [LeaseToken], next: Timestamp?) {
        var tokens: [LeaseToken] = []
        var next: Timestamp?
        for (token, entry) in entries {
            guard let limit = entry.attempt.timeLimit, entry.cause == nil else { continue }
            if limit <= now { tokens.append(token) } else { next = min(next ?? limit, limit) }
        }
        return (tokens.sorted { place(of: $0) < place(of: $1) }, next)
    }
}
