#if Postgres
import PQ
import SojournCore
import SojournModel

/// Reads deliveries: `claim`, `expired` and `deliveries` return the same columns, the number of the line second.
struct DeliveryRow {
    static let line = 1
    private static let columns = MessageColumns(
        id: 2, availableAt: 5, enqueuedAt: 6, counts: 7, options: 10, promise: 15, payload: 17)
    let rows: PQResult
    let row: Int

    /// The delivery of a task of `line`.
    func delivery(_ line: Line) throws(PQError) -> Delivery {
        let message = try rows.message(row, line, at: Self.columns)
        let token = try rows.uuid(row, 3)
        return Delivery(
            message: message,
            lease: Lease(
                task: message.id, token: LeaseToken(high: token.high, low: token.low),
                expiresAt: try rows.timestamp(row, 4)))
    }

    /// A task of `line` that was too late. The statement counts its attempt, as it does those of the others.
    func expired(_ line: Line) throws(PQError) -> TaskMessage {
        var message = try rows.message(row, line, at: Self.columns).withoutPayload
        message.attempt -= 1
        return message
    }
}
#endif
