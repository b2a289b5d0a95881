#if Postgres
import PQ
import SojournCore
import SojournModel

/// Reads the view `record`.
struct RecordRow {
    private static let columns = MessageColumns(
        id: 0, availableAt: 9, enqueuedAt: 10, counts: 6, options: 22, promise: 28, payload: 30)
    let rows: PQResult
    let row: Int

    /// The task with everything but its attempts.
    func record() throws(PQError) -> TaskRecord {
        TaskRecord(
            message: try rows.message(row, try Line(rows, row, from: 1), at: Self.columns),
            status: TaskStatus(code: try rows.int(row, 5)) ?? .dead,
            startedAt: try rows.timestampOrNil(row, 11), finishedAt: try rows.timestampOrNil(row, 19),
            result: try rows.bytesOrNil(row, 31), lastError: try rows.textOrNil(row, 17),
            deadReason: try rows.textOrNil(row, 18).flatMap { DeadReason(rawValue: $0) },
            tags: try rows.textOrNil(row, 27)?.split(separator: " ").map(String.init) ?? [],
            isCancelRequested: try rows.bool(row, 20), waited: try rows.durationOrNil(row, 12))
    }

    /// Its place in the order of arrival.
    func number() throws(PQError) -> Int64 { try rows.int8(row, 32) }

    /// The attempt that stands with the task itself: the running one, or the one that ended it well.
    func currentAttempt(_ record: TaskRecord) throws(PQError) -> AttemptRecord? {
        guard let startedAt = try rows.timestampOrNil(row, 13) else { return nil }
        let worker = try rows.textOrNil(row, 15) ?? ""
        switch record.status {
        case .running:
            return AttemptRecord(number: record.message.attempt, worker: worker, startedAt: startedAt)
        case .succeeded, .cancelled:
            guard let outcome = try rows.textOrNil(row, 16), outcome == "succeeded" || outcome == "cancelled" else {
                return nil
            }
            // A cancelled attempt is on record, but was not counted.
            return AttemptRecord(
                number: record.message.attempt + (outcome == "cancelled" ? 1 : 0), worker: worker,
                startedAt: startedAt, finishedAt: try rows.timestampOrNil(row, 14), outcome: outcome)
        case .blocked, .scheduled, .queued, .retrying, .dead:
            return nil
        }
    }
}
#endif
