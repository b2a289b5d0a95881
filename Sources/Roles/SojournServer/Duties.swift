import SojournCore
import SojournModel

/// Makes scheduled and retrying tasks available when they are due.
struct Promoter: Duty {
    static let name = "promoter"
    let queue: LocalTaskQueue
    let batch: Int

    func tick() async throws(BackendError) -> Timestamp? {
        let progress = try await queue.promote(limit: batch)
        return progress.moved >= batch ? queue.time.now() : progress.nextDue
    }
}

/// Takes back the tasks of workers that vanished. An ended lease is an outcome like any other: it gets its verdict
/// where all outcomes get theirs.
struct Reaper: Duty {
    static let name = "reaper"
    let queue: LocalTaskQueue
    let batch: Int

    func tick() async throws(BackendError) -> Timestamp? {
        let (deliveries, nextExpiry) = try await queue.backend.expired(limit: batch)
        guard !deliveries.isEmpty else { return nextExpiry }
        let now = queue.time.now()
        let reports = deliveries.map {
            AttemptReport(
                delivery: $0, outcome: .leaseExpired, startedAt: $0.lease.expiresAt, finishedAt: now, worker: "")
        }
        _ = try await queue.complete(reports)
        return deliveries.count >= batch ? now : nextExpiry
    }
}

/// Tells the backend of tasks that the store holds and it may have missed: after a crash between the two, a flushed
/// Redis, a lost broker.
struct OutboxRelay: Duty {
    static let name = "outbox-relay"
    /// Longest time between two looks: so long a flushed Redis may go unnoticed.
    static let pace: Duration = .seconds(1)
    let queue: LocalTaskQueue
    let batch: Int

    func tick() async throws(BackendError) -> Timestamp? {
        let messages = try await queue.store.unpublished(limit: batch)
        try await queue.publish(messages)
        return messages.count == batch ? queue.time.now() : nil
    }
}

/// Deletes what nobody needs any more, in bounded steps.
struct Retention: Duty {
    static let name = "retention"
    let queue: LocalTaskQueue
    let batch: Int
    let keep: RetentionPolicy

    func tick() async throws(BackendError) -> Timestamp? {
        let now = queue.time.now()
        let pruned = try await queue.store.prune(keep.cutoffs(at: now), limit: batch)
        // A full step means that there is more; a pause lets the way of tasks go first.
        return pruned >= batch ? now.advanced(by: .milliseconds(50)) : nil
    }
}
