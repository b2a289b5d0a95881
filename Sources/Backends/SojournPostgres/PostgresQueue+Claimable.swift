#if Postgres
import PQ
public import SojournCore
import SojournModel

extension PostgresQueue: ClaimableStore {
    /// Leases those of the hinted tasks that wait now, as their hints say.
    public func claim(_ hints: [Hint], for request: LeaseRequest) async throws(BackendError) -> LeaseGrant {
        guard request.limit > 0, !hints.isEmpty else { return LeaseGrant() }
        return try await claimHinted(hints, for: request)
    }

    /// The lines in which somebody waits.
    public func waitingLines() async throws(BackendError) -> [HintLine] {
        let rows = try await database.run(database.sql.waitingLines)
        return try database.read {
            () throws(PQError) in
            var lines: [HintLine] = []
            for row in 0..<rows.rowCount {
                let line = try Line(rows, row, from: 1)
                lines.append(HintLine(lane: line.lane, type: line.type))
            }
            return lines
        }
    }

    /// Who waits, line by line.
    public func waiting(_ looks: [WaitingLook]) async throws(BackendError) -> [WaitingPage] {
        if looks.isEmpty { return [] }
        let values: [PQValue] = [
            .textArray(looks.map(\.line.lane.queue.rawValue)), .textArray(looks.map(\.line.lane.tenant.rawValue)),
            .int2Array(looks.map { Int16($0.line.lane.priority.rawValue) }),
            .textArray(looks.map(\.line.type.rawValue)),
            .int8Array(looks.map(\.after.availableAt.microseconds)), .int8Array(looks.map(\.after.order)),
            .int8Array(looks.map(\.before.microseconds)), .int4Array(looks.map { Int32(clamping: max(0, $0.limit)) }),
        ]
        let rows = try await database.run(database.sql.waitingPages, values)
        return try database.read {
            () throws(PQError) in
            var pages = looks.map { _ in WaitingPage() }
            for row in 0..<rows.rowCount {
                let index = try rows.int(row, 0) - 1
                guard pages.indices.contains(index) else { continue }
                let availableAt = try rows.timestamp(row, 2)
                pages[index].hints.append(
                    Hint(id: try rows.taskID(row, 1), line: looks[index].line, availableAt: availableAt))
                let isFull = pages[index].hints.count == looks[index].limit
                pages[index].end = isFull ? WaitingPlace(availableAt: availableAt, order: try rows.int8(row, 3)) : nil
            }
            for index in looks.indices where looks[index].limit <= 0 { pages[index].end = looks[index].after }
            return pages
        }
    }
}
#endif
