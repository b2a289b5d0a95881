#if SQLite
import SojournCore
import SojournModel

extension Writer {
    /// Leases those of the hinted tasks that wait as their hints say and that `request` asks for, in this order.
    mutating func claim(_ hints: [Hint], for request: LeaseRequest, now: Timestamp) throws(BackendError) -> LeaseGrant {
        var grant = LeaseGrant()
        for hint in hints {
            if grant.deliveries.count >= request.limit { break }
            guard let candidate = try waiting(hint, for: request) else { continue }
            if let delivery = try hand(candidate, to: request, now: now) {
                grant.deliveries.append(delivery)
            } else {
                grant.expired.append(candidate.message.withoutPayload)
            }
        }
        return grant
    }

    private func waiting(_ hint: Hint, for request: LeaseRequest) throws(BackendError) -> Candidate? {
        let select = statements.selectQueued
        defer { select.reset() }
        select.bind(1, hint.id)
        guard try select.next() else { return nil }
        let lane = select.int64(MessageColumns.lane)
        guard let key = lanes.entries[lane]?.key, isWanted(key, by: request) else { return nil }
        let payload = select.bytes(MessageColumns.count + 1) ?? []
        let message = MessageColumns.message(select, key: key, payload: payload)
        guard message.availableAt == hint.availableAt else { return nil }
        return Candidate(seq: select.int64(MessageColumns.count), lane: lane, message: message)
    }
}
#endif
