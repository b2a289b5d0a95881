/// Where a task is in its life; the same word on the wire, in every store and here.
///
/// ```
/// blocked → scheduled → queued → running → succeeded | cancelled | dead
///               ↑          ↑        ├──→ retrying → queued
///               └─ snoozed ┼────────┤
///                          └────────┘ interrupted, or its lease was lost
/// ```
public enum TaskStatus: String, Sendable, Codable, CaseIterable {
    /// Waits for other tasks.
    case blocked
    /// Waits for its time.
    case scheduled
    /// Waits for a worker.
    case queued
    /// Leased to a worker.
    case running
    /// Failed, and waits for its next attempt.
    case retrying
    /// Done.
    case succeeded
    /// Stopped by someone.
    case cancelled
    /// Given up: a dead letter, until someone replays or purges it.
    case dead

    /// Whether the task's life is over (a dead letter may still be replayed).
    public var isFinal: Bool {
        switch self {
        case .succeeded, .cancelled, .dead: true
        case .blocked, .scheduled, .queued, .running, .retrying: false
        }
    }
}

/// How urgent a task is inside its queue.
///
/// Priorities share a queue by weight (``weight``); none is ever starved.
public enum Priority: Int, Sendable, Codable, CaseIterable, Comparable {
    /// Served eight times as often as `low`.
    case critical = 0
    /// Served four times as often as `low`.
    case high = 1
    /// Served twice as often as `low`.
    case `default` = 2
    /// Served least often, but always.
    case low = 3

    /// The share of starts while every priority has tasks waiting.
    public var weight: Int {
        switch self {
        case .critical: 8
        case .high: 4
        case .default: 2
        case .low: 1
        }
    }

    /// The word on the wire.
    public var name: String {
        switch self {
        case .critical: "critical"
        case .high: "high"
        case .default: "default"
        case .low: "low"
        }
    }

    /// The priority with that word on the wire, or nil.
    public init?(name: some StringProtocol) {
        guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }

    /// More urgent priorities are smaller.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
