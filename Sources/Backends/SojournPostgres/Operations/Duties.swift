#if Postgres
import PQ
public import SojournCore
public import SojournModel

extension PostgresQueue {
    /// Makes due tasks available, the earliest first, and wakes those who wait for them.
    public func promote(limit: Int) async throws(BackendError) -> DutyProgress {
        try await promoteHinting(limit: limit).progress
    }

    /// The same, and says which.
    public func promoteHinting(limit: Int) async throws(BackendError) -> (progress: DutyProgress, hints: [Hint]) {
        let limit = Int32(clamping: min(limit, Limits.dutyBatch))
        let rows = try await database.run(database.sql.promote, [database.now, .int4(limit), .bool(false)])
        let lines = try await lines.lines(in: rows, from: database)
        // The last row says when the next one is due, if one is.
        let last = rows.rowCount - 1
        let next = try database.read {
            () throws(PQError) in
            guard last >= 0, try rows.int(last, 0) == 1 else { return Timestamp?.none }
            return try rows.timestampOrNil(last, 3)
        }
        let hints = try database.read {
            () throws(PQError) in
            var hints: [Hint] = []
            for row in 0..<rows.rowCount where try rows.int(row, 0) == 0 {
                guard let line = lines[try rows.int(row, 1)] else { continue }
                hints.append(
                    Hint(
                        id: try rows.taskID(row, 2), line: HintLine(lane: line.lane, type: line.type),
                        availableAt: try rows.timestamp(row, 3)))
            }
            return hints
        }
        var gains = Gains([])
        for hint in hints { gains.add(hint.line.type, in: hint.line.lane.queue) }
        await notices.wake(gains, through: database)
        let arrivals = hints.map { Arrival(queue: $0.line.lane.queue, availableAt: $0.availableAt) }
        return (DutyProgress(arrivals: arrivals, nextDue: next), hints)
    }

    /// Stops tasks that wait, and asks for those that run.
    public func cancel(_ ids: [TaskID]) async throws(BackendError) -> [CancelResult] {
        if ids.isEmpty { return [] }
        let rows = try await database.run(database.sql.cancel, [database.now, .uuidArray(ids.map(\.uuid))])
        guard rows.rowCount == ids.count else { throw .unreadable("a cancel") }
        let lines = try await lines.lines(in: rows, from: database)
        return try database.read {
            () throws(PQError) in
            var results: [CancelResult] = []
            for row in 0..<rows.rowCount { results.append(try Self.cancelled(rows, row, lines)) }
            return results
        }
    }

    private static func cancelled(_ rows: PQResult, _ row: Int, _ lines: [Int: Line]) throws(PQError) -> CancelResult {
        guard let code = try rows.intOrNil(row, 0) else { return .unknown }
        if code == TaskStatus.running.code { return .requested }
        if code > 10 { return .final(TaskStatus(code: code - 10) ?? .dead) }
        guard let line = try rows.intOrNil(row, 1).flatMap({ lines[$0] }),
            let availableAt = try rows.timestampOrNil(row, 2)
        else { return .cancelled(waiting: nil) }
        return .cancelled(waiting: Arrival(queue: line.lane.queue, availableAt: availableAt))
    }

    /// Deletes what retention no longer keeps.
    public func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int {
        let values: [PQValue] = [
            .int8(cutoffs.finished.microseconds), cutoffs.dead.map { .int8($0.microseconds) } ?? .null(.int8),
            .int8(cutoffs.keys.microseconds), .int4(Int32(clamping: min(limit, Limits.dutyBatch))),
        ]
        let rows = try await database.run(database.sql.prune, values)
        return try database.read { () throws(PQError) in try rows.int(0, 0) }
    }

    private static let foldBatch: Int32 = 20_000

    /// Takes what statements counted into the counts, once a second, so that looking at them stays cheap. Several
    /// servers may do it; one at a time does.
    func fold() async throws {
        while !Task.isCancelled {
            try await time.sleep(for: .seconds(1))
            var isMore = true
            while isMore, !Task.isCancelled {
                let rows = try? await database.run(database.sql.fold, [database.now, .int4(Self.foldBatch)])
                isMore = (try? rows?.int(0, 0)) == Int(Self.foldBatch)
            }
        }
    }
}
#endif
