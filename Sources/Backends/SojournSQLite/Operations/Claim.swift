#if SQLite
import SojournCore
import SojournModel

extension Writer {
    private struct Candidate {
        var seq: Int64
        var lane: Int64
        var message: TaskMessage
    }

    /// Leases up to `request.limit` queued tasks, lanes sharing by ``FairShare``.
    mutating func claim(_ request: LeaseRequest, now: Timestamp) throws(BackendError) -> [Delivery] {
        var deliveries: [Delivery] = []
        while deliveries.count < request.limit {
            let lanesByShare = readyLanes(for: request)
            let waiting = lanesByShare.map { lane, ids in (lane: lane, waiting: ids.reduce(0) { $0 + lanes.queued($1) })
            }
            let shares = fairShare.divide(request.limit - deliveries.count, among: waiting)
            guard !shares.isEmpty else { break }
            for share in shares {
                let candidates = try oldest(share.count, in: lanesByShare[share.lane] ?? [])
                // The counts say that there are tasks; finding none would mean looking for ever.
                guard !candidates.isEmpty else {
                    throw BackendError(.corrupted, "The counts of lanes do not agree with the tasks.")
                }
                for candidate in candidates {
                    if let delivery = try hand(candidate, to: request, now: now) { deliveries.append(delivery) }
                }
            }
        }
        return deliveries
    }

    private func readyLanes(for request: LeaseRequest) -> [Lane: [Int64]] {
        var result: [Lane: [Int64]] = [:]
        for id in lanes.ready {
            guard let key = lanes.entries[id]?.key, !paused.contains(key.lane.queue) else { continue }
            guard request.queues.isEmpty || request.queues.contains(key.lane.queue) else { continue }
            guard request.types?.contains(key.type) ?? true else { continue }
            result[key.lane, default: []].append(id)
        }
        return result
    }

    /// The oldest tasks of a lane, whatever their type: each type has a line of its own, and the heads are merged.
    private func oldest(_ count: Int, in ids: [Int64]) throws(BackendError) -> [Candidate] {
        var candidates: [Candidate] = []
        for id in ids {
            guard let key = lanes.entries[id]?.key else { continue }
            let select = statements.selectReady
            select.bind(1, id)
            select.bind(2, count)
            try select.forEachRow { (row: Statement) throws(BackendError) in
                let payload = row.bytes(MessageColumns.count + 1) ?? []
                let message = MessageColumns.message(row, key: key, payload: payload)
                candidates.append(Candidate(seq: row.int64(MessageColumns.count), lane: id, message: message))
            }
        }
        guard ids.count > 1 else { return candidates }
        candidates.sort { ($0.message.availableAt, $0.seq) < ($1.message.availableAt, $1.seq) }
        return Array(candidates.prefix(count))
    }

    /// Leases one task; nil where its deadline has passed, and then it is dead.
    private mutating func hand(
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
