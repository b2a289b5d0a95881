#if SQLite
import SojournCore
import SojournModel

/// What one claim knows of the lanes it may take from.
struct Survey {
    /// Who is in time and who is late in one line, and since when the first of those in time waits.
    fileprivate struct Line {
        var inTime: Int
        var late = 0
        var oldest = Timestamp.distantPast
    }

    let request: LeaseRequest
    let now: Timestamp
    /// Lanes with queued tasks when the claim began, and the lines (one for each type) of each.
    let lanes: [Lane: [Int64]]
    /// Whether it matters which of the classes that have a promise has the oldest task.
    fileprivate let hasRivals: Bool
    /// What is known of lines in queues with a promise, until something is taken from them.
    fileprivate var known: [Int64: Line] = [:]

    init(request: LeaseRequest, lanes: [Lane: [Int64]], now: Timestamp) {
        self.request = request
        self.now = now
        self.lanes = lanes
        let promised = lanes.keys.lazy.filter { request.promises[$0.queue] != nil }
        let first = promised.first
        hasRivals = promised.contains { lane in
            lane.queue != first?.queue || lane.priority != first?.priority
                || (lane.tenant != first?.tenant && request.promises[lane.queue]?.isStrict == true)
        }
    }

    /// Whose tasks became available from `start` on and before `end` are meant by `share`.
    func range(of share: Dispatch.Share) -> (start: Timestamp, end: Timestamp) {
        guard let cutoff = request.promises[share.lane.queue]?.cutoff(at: now) else {
            return (.distantPast, .distantFuture)
        }
        return share.isLate ? (.distantPast, cutoff) : (cutoff, .distantFuture)
    }

    /// Notes that line `id` will change.
    mutating func forget(_ id: Int64) { known[id] = nil }
}

extension Writer {
    /// Who waits. Asks the database only about queues with a promise, and only where it matters: for the oldest task
    /// where several classes compete, for the number of the late where some may be late.
    mutating func look(_ survey: inout Survey, limit: Int) throws(BackendError) -> [Dispatch.Waiting] {
        var waiting: [Dispatch.Waiting] = []
        waiting.reserveCapacity(survey.lanes.count)
        for (lane, ids) in survey.lanes {
            guard let promise = survey.request.promises[lane.queue] else {
                waiting.append(Dispatch.Waiting(lane: lane, inTime: ids.reduce(0) { $0 + lanes.queued($1) }))
                continue
            }
            let cutoff = promise.cutoff(at: survey.now)
            var sum = Dispatch.Waiting(lane: lane, inTime: 0, oldest: .distantFuture)
            for id in ids {
                var known = survey.known[id]
                if known == nil { known = try look(at: id, cutoff: cutoff, limit: limit, hasRivals: survey.hasRivals) }
                guard let line = known else { continue }
                survey.known[id] = line
                sum.inTime += line.inTime
                sum.late += line.late
                sum.oldest = min(sum.oldest, line.oldest)
            }
            waiting.append(sum)
        }
        return waiting
    }

    /// Every lane with queued tasks that `request` may take from.
    func readyLanes(for request: LeaseRequest) -> [Lane: [Int64]] {
        var result: [Lane: [Int64]] = [:]
        for id in lanes.ready {
            guard let key = lanes.entries[id]?.key, isWanted(key, by: request) else { continue }
            result[key.lane, default: []].append(id)
        }
        return result
    }

    /// Whether `request` may take tasks from there.
    func isWanted(_ key: LaneTable.Key, by request: LeaseRequest) -> Bool {
        !paused.contains(key.lane.queue) && (request.queues.isEmpty || request.queues.contains(key.lane.queue))
            && request.types?.contains(key.type) ?? true
    }

    /// One line. More late tasks than `limit` are not counted, nor more in time behind so many.
    private mutating func look(
        at id: Int64, cutoff: Timestamp?, limit: Int, hasRivals: Bool
    ) throws(BackendError) -> Survey.Line {
        let queued = lanes.queued(id)
        guard queued > 0 else { return Survey.Line(inTime: 0, oldest: .distantFuture) }
        guard let cutoff, lanes.entries[id]?.oldest ?? .distantPast < cutoff, try oldest(of: id) < cutoff else {
            return Survey.Line(inTime: queued, oldest: hasRivals ? try oldest(of: id) : .distantPast)
        }
        var line = Survey.Line(inTime: queued)
        line.late = try count(id, from: .distantPast, to: cutoff, limit: limit)
        let areAllLateCounted = line.late < limit
        line.inTime =
            areAllLateCounted
            ? queued - line.late : try count(id, from: cutoff, to: .distantFuture, limit: limit)
        if hasRivals, line.inTime > 0 { line.oldest = try oldest(of: id, from: cutoff) ?? .distantFuture }
        return line
    }

    /// When the oldest queued task of line `id` became available: from memory, or from the index and then remembered.
    private mutating func oldest(of id: Int64) throws(BackendError) -> Timestamp {
        if let entry = lanes.entries[id], entry.isOldestExact { return entry.oldest }
        let oldest = try oldest(of: id, from: .distantPast) ?? .distantFuture
        lanes.sawOldest(id, oldest)
        return oldest
    }

    private func oldest(of id: Int64, from start: Timestamp) throws(BackendError) -> Timestamp? {
        let select = statements.selectOldest
        defer { select.reset() }
        select.bind(1, id)
        select.bind(2, start)
        return try select.next() ? select.timestamp(0) : nil
    }

    private func count(
        _ id: Int64, from start: Timestamp, to end: Timestamp, limit: Int
    ) throws(BackendError) -> Int {
        let count = statements.countReady
        defer { count.reset() }
        count.bind(1, id)
        count.bind(2, limit)
        count.bind(3, start)
        count.bind(4, end)
        return try count.next() ? count.int(0) : 0
    }
}
#endif
