#if Postgres
import PQ
import SojournCore
import SojournModel

/// Reads deliveries: `claim`, `expired` and `deliveries` return the same columns, the number of the line second.
struct DeliveryRow {
    static let line = 1
    let rows: PQResult
    let row: Int

    /// The delivery of a task of `line`.
    func delivery(_ line: Line) throws(PQError) -> Delivery {
        let message = try message(line)
        let token = try rows.uuid(row, 3)
        return Delivery(
            message: message,
            lease: Lease(
                task: message.id, token: LeaseToken(high: token.high, low: token.low),
                expiresAt: Timestamp(microseconds: try rows.int8(row, 4))))
    }

    /// The place in line of a task that was too late.
    func arrival(_ line: Line) throws(PQError) -> Arrival {
        Arrival(queue: line.lane.queue, availableAt: Timestamp(microseconds: try rows.int8(row, 5)))
    }

    private func message(_ line: Line) throws(PQError) -> TaskMessage {
        let id = try rows.uuid(row, 2)
        return TaskMessage(
            id: TaskID(high: id.high, low: id.low), type: line.type, queue: line.lane.queue, tenant: line.lane.tenant,
            priority: line.lane.priority, payload: try rows.bytes(row, 17), maxRetries: try rows.intOrNil(row, 10),
            retry: try rows.textOrNil(row, 11).flatMap { RetryPolicy(text: $0) },
            timeout: try rows.durationOrNil(row, 12), deadline: try rows.timestampOrNil(row, 13),
            enqueuedAt: Timestamp(microseconds: try rows.int8(row, 6)),
            availableAt: Timestamp(microseconds: try rows.int8(row, 5)), traceparent: try rows.textOrNil(row, 14),
            attempt: try rows.int(row, 7), attemptsBeforeReplay: try rows.int(row, 8), crashes: try rows.int(row, 9),
            promise: try rows.promise(row, 15))
    }
}

extension PQResult {
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
}

extension TaskID {
    var uuid: PQUUID { PQUUID(high: high, low: low) }
}

extension LeaseToken {
    var uuid: PQUUID { PQUUID(high: high, low: low) }
}
#endif
