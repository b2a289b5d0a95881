public import SojournModel

/// What a worker says about one attempt.
public struct AttemptReport: Sendable, Hashable {
    /// The delivery it ran.
    public let delivery: Delivery
    /// How it ended.
    public let outcome: Outcome
    /// When its handler started.
    public let startedAt: Timestamp
    /// When its handler ended.
    public let finishedAt: Timestamp
    /// Who ran it.
    public let worker: String

    /// A report from its parts.
    public init(
        delivery: Delivery, outcome: Outcome, startedAt: Timestamp, finishedAt: Timestamp, worker: String
    ) {
        self.delivery = delivery
        self.outcome = outcome
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.worker = worker
    }
}

/// A report together with the verdict on it: what a store writes down.
public struct AttemptResult: Sendable, Hashable {
    /// What the worker said.
    public let report: AttemptReport
    /// What it means.
    public let verdict: Verdict

    /// A result from its parts.
    public init(report: AttemptReport, verdict: Verdict) {
        self.report = report
        self.verdict = verdict
    }
}

/// What a backend is told about one lease.
public struct Settlement: Sendable, Hashable {
    /// The lease.
    public let lease: Lease
    /// What to do with the task.
    public let disposition: Disposition

    /// A settlement from its parts.
    public init(lease: Lease, disposition: Disposition) {
        self.lease = lease
        self.disposition = disposition
    }
}

/// Whether a settlement took effect.
public enum SettlementStatus: Sendable, Hashable {
    /// It did, now or when it was first asked for.
    case settled
    /// The lease had ended, or was not this one: nothing changed.
    case leaseLost
}

/// How a lease stands.
public enum LeaseStatus: Sendable, Hashable {
    /// It holds until then.
    case held(until: Timestamp)
    /// Somebody else has the task, or it is over.
    case lost
    /// It holds, and the task shall be stopped.
    case cancelled(until: Timestamp)
}
