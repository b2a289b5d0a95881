#if Postgres
import PQ
import SojournCore
import SojournModel

/// Columns as the words of the model.
extension PQResult {
    func taskID(_ row: Int, _ column: Int) throws(PQError) -> TaskID {
        let id = try uuid(row, column)
        return TaskID(high: id.high, low: id.low)
    }

    func timestamp(_ row: Int, _ column: Int) throws(PQError) -> Timestamp {
        Timestamp(microseconds: try int8(row, column))
    }

    func timestampOrNil(_ row: Int, _ column: Int) throws(PQError) -> Timestamp? {
        try int8OrNil(row, column).map { Timestamp(microseconds: $0) }
    }

    func durationOrNil(_ row: Int, _ column: Int) throws(PQError) -> Duration? {
        try int8OrNil(row, column).map { .microseconds($0) }
    }

    /// Two columns: within which time a task shall start, and what it was quoted.
    func promise(_ row: Int, _ column: Int) throws(PQError) -> StartPromise? {
        guard let within = try durationOrNil(row, column) else { return nil }
        return StartPromise(within: within, estimate: try durationOrNil(row, column + 1))
    }

    /// The task of `line` whose columns stand at `columns`.
    func message(_ row: Int, _ line: Line, at columns: MessageColumns) throws(PQError) -> TaskMessage {
        let (counts, options) = (columns.counts, columns.options)
        return TaskMessage(
            id: try taskID(row, columns.id), type: line.type, queue: line.lane.queue, tenant: line.lane.tenant,
            priority: line.lane.priority, payload: try bytes(row, columns.payload),
            maxRetries: try intOrNil(row, options),
            retry: try textOrNil(row, options + 1).flatMap { RetryPolicy(text: $0) },
            timeout: try durationOrNil(row, options + 2), deadline: try timestampOrNil(row, options + 3),
            enqueuedAt: try timestamp(row, columns.enqueuedAt), availableAt: try timestamp(row, columns.availableAt),
            traceparent: try textOrNil(row, options + 4), attempt: try int(row, counts),
            attemptsBeforeReplay: try int(row, counts + 1), crashes: try int(row, counts + 2),
            promise: try promise(row, columns.promise))
    }
}

/// Where a row has the parts of a task.
struct MessageColumns {
    let id: Int
    let availableAt: Int
    let enqueuedAt: Int
    /// The first of three: attempt, attempts before the replay, crashes.
    let counts: Int
    /// The first of five: most retries, retry policy, timeout, deadline, traceparent.
    let options: Int
    /// The first of two: the promise, the estimate.
    let promise: Int
    let payload: Int
}

extension TaskID {
    var uuid: PQUUID { PQUUID(high: high, low: low) }
}

extension LeaseToken {
    var uuid: PQUUID { PQUUID(high: high, low: low) }
}
#endif
