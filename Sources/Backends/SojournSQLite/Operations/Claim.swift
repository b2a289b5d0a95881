#if SQLite
import SojournCore
import SojournModel

/// A task that waits and may be handed out.
struct Candidate {
    var seq: Int64
    var lane: Int64
    var message: TaskMessage
}

extension Writer {
    /// Leases up to `request.limit` queued tasks in the order of ``Dispatch``.
    mutating func claim(_ request: LeaseRequest, now: Timestamp) throws(BackendError) -> LeaseGrant {
        var grant = LeaseGrant()
        var survey = Survey(request: request, lanes: readyLanes(for: request), now: now)
        while !grant.isEnough(for: request) {
            let left = request.limit - grant.deliveries.count
            let waiting = try look(&survey, limit: left)
            let shares = dispatch.next(left, among: waiting, promises: request.promises)
            // Another round comes where several queues have promises, or tasks were found to be over.
            guard !shares.isEmpty else { break }
            for share in shares {
                let candidates = try oldest(share, of: &survey)
                // The counts say that there are tasks; finding none would mean looking for ever.
                guard !candidates.isEmpty else {
                    throw BackendError(.corrupted, "The counts of lanes do not agree with the tasks.")
                }
                for candidate in candidates {
                    if let delivery = try hand(candidate, to: request, now: now) {
                        grant.deliveries.append(delivery)
                    } else {
                        grant.expired.append(candidate.message.withoutPayload)
                    }
                }
            }
        }
        return grant
    }

    /// The oldest tasks of a lane, whatever their type: each type has a line of its own, and the heads are merged.
    private mutating func oldest(
        _ share: Dispatch.Share, of survey: inout Survey
    ) throws(BackendError) -> [Candidate] {
        var candidates: [Candidate] = []
        let ids = survey.lanes[share.lane] ?? []
        let (start, end) = survey.range(of: share)
        for id in ids {
            guard let entry = lanes.entries[id] else { continue }
            survey.forget(id)
            let select = statements.selectReady
            select.bind(1, id)
            select.bind(2, share.count)
            select.bind(3, start)
            select.bind(4, end)
            let before = candidates.count
            try select.forEachRow { (row: Statement) throws(BackendError) in
                let payload = row.bytes(MessageColumns.count + 1) ?? []
                let message = MessageColumns.message(row, key: entry.key, payload: payload)
                candidates.append(Candidate(seq: row.int64(MessageColumns.count), lane: id, message: message))
            }
            if start <= entry.oldest, before < candidates.count {
                lanes.sawOldest(id, candidates[before].message.availableAt)
            }
        }
        guard ids.count > 1 else { return candidates }
        candidates.sort { ($0.message.availableAt, $0.seq) < ($1.message.availableAt, $1.seq) }
        return Array(candidates.prefix(share.count))
    }

    /// Leases one task; nil where its deadline has passed, and then it is dead.
    mutating func hand(
        _ candidate: Candidate, to request: LeaseRequest, now: Timestamp
    ) throws(BackendError) -> Delivery? {
        if let deadline = candidate.message.deadline, deadline < now {
            try setStatus(
                of: candidate.seq, in: candidate.lane, from: .queued, to: .dead, now: now, reason: .deadline)
            return nil
        }
        var random = SystemRandomNumberGenerator()
        var message = candidate.message
        message.attempt += 1
        let token = LeaseToken(random: &random)
        let lease = statements.lease
        lease.bind(1, candidate.seq)
        lease.bind(2, token)
        lease.bind(3, request.duration.wholeMicroseconds)
        lease.bind(4, request.worker)
        lease.bind(5, request.isLocal ? 1 : 0)
        lease.bind(6, now)
        try lease.run()
        lanes.move(candidate.lane, from: .queued, to: .running)
        let until = now.advanced(by: request.duration)
        hold(
            message.id,
            Held(
                seq: candidate.seq, lane: candidate.lane, message: message, token: token, until: until,
                worker: request.worker, startedAt: now, isCancelRequested: false))
        return Delivery(message: message, lease: Lease(task: message.id, token: token, expiresAt: until))
    }
}
#endif
