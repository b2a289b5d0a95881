#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel
import Synchronization

extension RedisQueue {
    /// Hands out at most `limit` tasks in the order of ``Dispatch``: looks who waits, takes, and looks again while
    /// there is room. Where only one queue is asked for and only one of its lanes has somebody who waits, both are one
    /// call.
    func claim(_ request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        var grant = LeaseGrant()
        if let entry = lone(request), try await grab(from: entry, for: request, into: &grant) { return grant }
        while !grant.isEnough(for: request) {
            do throws(BackendError) {
                guard try await claimRound(request, into: &grant) else { break }
            } catch {
                // Who has been handed tasks must hear of them.
                if grant.isEmpty { throw error }
                break
            }
        }
        return grant
    }

    /// Looks who waits, and takes. False where another look would find nothing more.
    private func claimRound(
        _ request: LeaseRequest, into grant: inout LeaseGrant
    ) async throws(BackendError) -> Bool {
        let now = time.now()
        let surveys = try await survey(for: request, now: now)
        let waiting = Self.waiting(in: surveys, for: request)
        if surveys.count == 1 { directory.setMixed(waiting.count > 1, surveys[0].entry.keys.queue) }
        let wanted = request.limit - grant.deliveries.count
        let shares = dispatch.withLock { $0.next(wanted, among: waiting, promises: request.promises) }
        if shares.isEmpty { return false }
        guard try await take(shares, from: surveys, for: request, now: now, into: &grant) else { return false }
        let left = waiting.reduce(0) { $0 + $1.inTime + $1.late } - shares.reduce(0) { $0 + $1.count }
        return left > 0 || grant.isEmpty
    }

    private static func waiting(in surveys: [QueueSurvey], for request: LeaseRequest) -> [Dispatch.Waiting] {
        var waiting: [Lane: Dispatch.Waiting] = [:]
        for queue in surveys {
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

    /// False where all the queues were paused since they were looked at.
    private func take(
        _ shares: [Dispatch.Share], from surveys: [QueueSurvey], for request: LeaseRequest, now: Timestamp,
        into grant: inout LeaseGrant
    ) async throws(BackendError) -> Bool {
        var takes: [Take] = []
        for queue in surveys {
            let mine = shares.filter { $0.lane.queue == queue.entry.keys.queue }
            if !mine.isEmpty { takes.append(Take(mine, from: queue, for: request, now: now)) }
        }
        let values = try await server.send(takes.map(\.call))
        var isAnyOpen = false
        for (take, value) in zip(takes, values) where !value.isNull {
            isAnyOpen = true
            try await read(value, of: take, into: &grant)
        }
        return isAnyOpen
    }

    private func read(_ value: RESPValue, of take: Take, into grant: inout LeaseGrant) async throws(BackendError) {
        try await read(value.elements ?? [], of: take, into: &grant)
    }

    /// Reads what the take script returns.
    func read(_ parts: [RESPValue], of take: Take, into grant: inout LeaseGrant) async throws(BackendError) {
        guard parts.count == 4 else { throw .unreadable("a claim") }
        let (places, bodies, states) = (parts[0].buffers, parts[1].buffers, parts[2].elements ?? [])
        let overdue = parts[3].elements ?? []
        let heads = stride(from: 1, to: overdue.count, by: 3).map { overdue[$0].bytes }
        let lines = [bodies, heads].lazy.joined().compactMap { $0.flatMap { TaskBody.line(of: $0) } }
        let entry = try await entry(take.entry, knowing: lines)
        grant.deliveries.reserveCapacity(grant.deliveries.count + places.count)
        for index in places.indices {
            guard let id = places[index].flatMap({ WaitingPlace.task(in: $0) }), index < bodies.count,
                let body = bodies[index]
            else { throw .unreadable("a claim") }
            let state = index < states.count ? states[index].bytes : nil
            var message = try StoredTask.message(try TaskBody(body, id: id, in: entry), state)
            message.attempt += 1
            let token = Tokens.token(of: id, common: take.token, hasHistory: state != nil)
            let lease = Lease(task: id, token: token, expiresAt: take.expiresAt)
            grant.deliveries.append(Delivery(message: message, lease: lease))
        }
        claims.add(take.token, leasedAt: take.leasedAt, count: places.count, isLocal: take.isLocal)
        try read(overdue: overdue, in: entry, into: &grant)
    }

    /// Reads the tasks that were too late: of each the place, what comes before the payload, and the state.
    private func read(
        overdue: [RESPValue], in entry: Directory.Entry, into grant: inout LeaseGrant
    ) throws(BackendError) {
        for index in stride(from: 0, to: overdue.count - 2, by: 3) {
            guard let id = overdue[index].bytes.flatMap({ WaitingPlace.task(in: $0) }),
                let head = overdue[index + 1].bytes
            else { throw .unreadable("a claim") }
            let message = try StoredTask.message(try TaskBody(head, id: id, in: entry), overdue[index + 2].bytes)
            grant.expired.append(message.withoutPayload)
        }
    }
}

/// One call of a script that hands out tasks of one queue.
struct Take {
    let entry: Directory.Entry
    let token: LeaseToken
    let leasedAt: Timestamp
    let isLocal: Bool
    let expiresAt: Timestamp
    private(set) var call: Command

    /// Hands out these shares.
    init(_ shares: [Dispatch.Share], from survey: QueueSurvey, for request: LeaseRequest, now: Timestamp) {
        let keys = survey.entry.keys
        var names = Self.names(keys)
        var words: [String] = []
        let isSplit = request.promises[keys.queue]?.cutoff(at: now) != nil
        for share in shares {
            let lines = survey.lines.filter { depth in
                depth.line.tenant == share.lane.tenant && depth.line.priority == share.lane.priority
                    && request.types?.contains(depth.line.type) ?? true
            }
            words += [
                "\(share.count)", isSplit ? share.isLate ? "l" : "t" : "a", "\(share.lane.priority.rawValue)",
                "\(lines.count)",
            ]
            for depth in lines {
                words += ["\(names.count + 1)", "\(depth.number)"]
                names += keys.line(depth.number)
            }
        }
        self.init(Scripts.take, names, words, from: survey.entry, for: request, now: now)
    }

    /// Hands out what waits in `lines`, where there is nothing to choose; `others` are lines that are not asked for.
    init(
        from lines: [(number: UInt32, line: Line)], others: [UInt32], of entry: Directory.Entry,
        for request: LeaseRequest, now: Timestamp
    ) {
        var names = Self.names(entry.keys) + [entry.keys.lines]
        var words = ["\(entry.number)", "\(request.limit)", "\(lines.count)"]
        for (number, _) in lines {
            words += ["\(names.count + 1)", "\(number)"]
            names += entry.keys.line(number)
        }
        for (_, line) in lines {
            words += ["\(line.priority.rawValue) \(line.tenant.rawValue)", "\(line.priority.rawValue)"]
        }
        words += others.map { "\($0)" }
        self.init(Scripts.grab, names, words, from: entry, for: request, now: now)
    }

    private static func names(_ keys: QueueKeys) -> [String] {
        [keys.bodies, keys.states, keys.leases, keys.dead, keys.counts, keys.open, keys.gone, keys.paused]
    }

    private init(
        _ script: Script, _ names: [String], _ words: [String], from entry: Directory.Entry,
        for request: LeaseRequest, now: Timestamp
    ) {
        self.entry = entry
        expiresAt = now.advanced(by: request.duration.clamped(to: Limits.lease))
        token = Tokens.make(queue: entry.number)
        leasedAt = now
        isLocal = request.isLocal
        call = script.call(keys: names, capacity: 1024)
        var instant = ByteBuffer()
        instant.write(now)
        call.append(Int(now.microseconds))
        call.append(Int(expiresAt.microseconds))
        call.append(instant)
        call.append(TaskState.running(token, since: now, worker: request.worker))
        call.append(TaskState.end())
        call.append(TaskState.end(.deadline, at: now))
        call.append(TaskState.blank)
        for word in words { call.append(word) }
    }
}
#endif
