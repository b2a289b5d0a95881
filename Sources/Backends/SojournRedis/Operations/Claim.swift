#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel
import Synchronization

extension RedisQueue {
    /// Hands out at most `limit` tasks in the order of ``Dispatch``: looks who waits, takes, and looks again while
    /// there is room.
    func claim(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        var grant = LeaseGrant()
        while grant.deliveries.count < request.limit {
            let now = time.now()
            let survey = try await survey(for: request, now: now)
            let waiting = Self.waiting(in: survey, for: request)
            let wanted = request.limit - grant.deliveries.count
            let shares = dispatch.withLock { $0.next(wanted, among: waiting, promises: request.promises) }
            if shares.isEmpty { break }
            try await take(shares, from: survey, for: request, now: now, into: &grant)
        }
        return grant
    }

    private static func waiting(in survey: ClaimSurvey, for request: LeaseRequest) -> [Dispatch.Waiting] {
        var waiting: [Lane: Dispatch.Waiting] = [:]
        for queue in survey.queues {
            for depth in queue.lines where request.types?.contains(depth.line.type) ?? true {
                let lane = Lane(queue: queue.entry.keys.queue, tenant: depth.line.tenant, priority: depth.line.priority)
                let none = Dispatch.Waiting(lane: lane, inTime: 0, oldest: .distantFuture)
                waiting[lane, default: none].inTime += depth.count - depth.late
                waiting[lane, default: none].late += depth.late
                if let oldest = depth.oldest, depth.count > depth.late {
                    waiting[lane, default: none].oldest = min(waiting[lane, default: none].oldest, oldest)
                }
            }
        }
        return Array(waiting.values)
    }

    private func take(
        _ shares: [Dispatch.Share], from survey: ClaimSurvey, for request: LeaseRequest, now: Timestamp,
        into grant: inout LeaseGrant
    ) async throws(BackendError) {
        var takes: [Take] = []
        for queue in survey.queues {
            let mine = shares.filter { $0.lane.queue == queue.entry.keys.queue }
            if !mine.isEmpty { takes.append(Take(mine, from: queue, for: request, now: now)) }
        }
        let values = try await server.send(takes.map(\.call))
        for (take, value) in zip(takes, values) { try take.read(value, into: &grant) }
    }
}

/// One call of the take script: shares of one queue.
private struct Take {
    let entry: Directory.Entry
    let tokens: ByteBuffer
    let expiresAt: Timestamp
    let call: Command

    init(_ shares: [Dispatch.Share], from survey: QueueSurvey, for request: LeaseRequest, now: Timestamp) {
        let keys = survey.entry.keys
        entry = survey.entry
        expiresAt = now.advanced(by: request.duration.clamped(to: Limits.lease))
        tokens = Tokens.make(shares.reduce(0) { $0 + $1.count }, queue: entry.number)
        var names = [keys.bodies, keys.states, keys.grants, keys.leases, keys.dead, keys.counts, keys.lines]
        var words: [String] = []
        let cutoff = request.promises[keys.queue]?.cutoff(at: now)
        for share in shares {
            let lines = survey.lines.filter { depth in
                depth.line.tenant == share.lane.tenant && depth.line.priority == share.lane.priority
                    && request.types?.contains(depth.line.type) ?? true
            }
            // Where nobody is late both ends are open, and the script takes the shorter way.
            let isSplit = cutoff != nil && lines.contains { $0.late > 0 }
            let instant = cutoff.map { "\($0.microseconds)" } ?? ""
            words += [
                "\(share.count)", isSplit && !share.isLate ? instant : "-inf",
                isSplit && share.isLate ? "(\(instant)" : "+inf", "\(share.lane.priority.rawValue)", "\(lines.count)",
            ]
            for depth in lines {
                names.append(keys.line(depth.line))
                words += ["\(names.count)", depth.line.text]
            }
        }
        var call = Scripts.take.call(keys: names, capacity: tokens.readableBytes + 1024)
        call.append(Int(now.microseconds))
        call.append(Int(expiresAt.microseconds))
        call.append(Grant.rest(leasedAt: now, worker: request.worker))
        call.append(tokens)
        call.append(TaskState.end(as: .dead, reason: .deadline, at: now))
        call.append(TaskState.blank)
        for word in words { call.append(word) }
        self.call = call
    }

    func read(_ value: RESPValue, into grant: inout LeaseGrant) throws(BackendError) {
        guard let parts = value.elements, parts.count == 5 else { throw .unreadable("a claim") }
        let (ids, bodies, states) = (parts[0].buffers, parts[1].buffers, parts[2].elements ?? [])
        var tokens = self.tokens
        for index in ids.indices {
            var id = ids[index]
            guard let task = id?.readTaskID(), let body = bodies[index], let token = tokens.readToken() else {
                throw .unreadable("a claim")
            }
            var message = try message(task, body, index < states.count ? states[index].bytes : nil)
            message.attempt += 1
            let lease = Lease(task: task, token: token, expiresAt: expiresAt)
            grant.deliveries.append(Delivery(message: message, lease: lease))
        }
        for (body, state) in zip(parts[3].buffers, parts[4].elements ?? []) {
            guard let body else { throw .unreadable("a claim") }
            // Who they were does not matter any more, only where they stood.
            grant.expired.append(Arrival(try message(TaskID(high: 0, low: 0), body, state.bytes)))
        }
    }

    private func message(_ id: TaskID, _ body: ByteBuffer, _ state: ByteBuffer?) throws(BackendError) -> TaskMessage {
        guard let body = TaskBody(body, id: id, queue: entry.keys.queue) else { throw .unreadable("task \(id)") }
        return try StoredTask.message(body, state)
    }
}
#endif
