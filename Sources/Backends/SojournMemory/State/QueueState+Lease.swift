import SojournCore
import SojournModel

extension QueueState {
    /// Hands out at most `limit` tasks in the order of ``Dispatch``, oldest first in each lane.
    mutating func lease(_ request: LeaseRequest, now: Timestamp) -> LeaseGrant {
        var grant = LeaseGrant()
        while !grant.isEnough(for: request) {
            let waiting = lanes.waiting(for: request, except: paused, now: now, in: table)
            let shares = dispatch.next(
                request.limit - grant.deliveries.count, among: waiting, promises: request.promises)
            // Another round comes where several queues have promises, or tasks were found to be over.
            if shares.isEmpty { break }
            for share in shares { hand(out: share, to: request, now: now, into: &grant) }
        }
        return grant
    }

    private mutating func hand(
        out share: Dispatch.Share, to request: LeaseRequest, now: Timestamp, into grant: inout LeaseGrant
    ) {
        let types = lanes.types(in: share.lane, wanted: request.types)
        let late = request.promises[share.lane.queue]?.demotesLate == true ? share.isLate : nil
        for _ in 0..<share.count {
            guard let slot = lanes.oldest(in: share.lane, among: types, late: late, table: table) else { break }
            if let delivery = self.grant(slot, to: request, now: now) {
                grant.deliveries.append(delivery)
            } else {
                grant.expired.append(table[slot].record.message.withoutPayload)
            }
        }
    }

    /// Puts a waiting task under a lease; nil where it must not start any more, and is over now.
    mutating func grant(_ slot: Int, to request: LeaseRequest, now: Timestamp) -> Delivery? {
        if let deadline = table[slot].record.message.deadline, now > deadline {
            update(slot) { $0.end(as: .dead, reason: .deadline, now: now) }
            return nil
        }
        let lease = Lease(
            task: table[slot].record.message.id, token: LeaseToken(random: &random),
            expiresAt: now.advanced(by: request.duration.clamped(to: Limits.lease)))
        update(slot) { $0.start(Grant(lease: lease, worker: request.worker, leasedAt: now)) }
        return Delivery(message: table[slot].record.message, lease: lease)
    }

    /// Moves the end of a lease to `duration` from now. One that has ended still counts until it is settled: the task
    /// is nobody else's, and ending it here would only waste the work.
    mutating func extend(_ lease: Lease, by duration: Duration, now: Timestamp) -> LeaseStatus {
        guard let slot = slot(holding: lease.task, lease.token) else { return .lost }
        let end = now.advanced(by: duration.clamped(to: Limits.lease))
        let moved = Lease(task: lease.task, token: lease.token, expiresAt: end)
        update(slot) { $0.grant?.lease = moved }
        return table[slot].record.isCancelRequested ? .cancelled(until: end) : .held(until: end)
    }

    /// Deliveries whose lease has ended, the longest first, and when the next one ends.
    mutating func expired(limit: Int, now: Timestamp) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        let (places, next) = leased.prefix(limit, through: now, in: table)
        return (places.compactMap { delivery(in: $0.slot) }, next)
    }

    /// The delivery that a lease stands for; nil where it no longer holds.
    func delivery(of task: TaskID, _ token: LeaseToken) -> Delivery? {
        slot(holding: task, token).flatMap { delivery(in: $0) }
    }

    /// The task's slot, if the lease with `token` holds it.
    func slot(holding task: TaskID, _ token: LeaseToken) -> Int? {
        guard let slot = table.slot(of: task), table[slot].grant?.lease.token == token else { return nil }
        return slot
    }

    private func delivery(in slot: Int) -> Delivery? {
        table[slot].grant.map { Delivery(message: table[slot].record.message, lease: $0.lease) }
    }
}
