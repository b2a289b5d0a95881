#if SQLite
import SojournCore
import SojournModel

/// The columns of `task` that make a ``TaskMessage``, in the order in which ``message(_:key:payload:)`` reads them.
enum MessageColumns {
    static let sql = """
        task.id, task.lane, available_at, enqueued_at, attempt, attempts_before_replay, crashes, max_retries, retry, \
        timeout_us, deadline, traceparent, promise_us, estimate_us
        """
    static let count: Int32 = 14
    static let lane: Int32 = 1

    static func message(_ row: Statement, key: LaneTable.Key, payload: [UInt8]) -> TaskMessage {
        TaskMessage(
            id: row.taskID(0), type: key.type, queue: key.lane.queue, tenant: key.lane.tenant,
            priority: key.lane.priority, payload: payload, maxRetries: row.optionalInt64(7).map { Int($0) },
            retry: row.text(8).flatMap { RetryPolicy(text: $0) },
            timeout: row.optionalInt64(9).map { .microseconds($0) }, deadline: row.optionalTimestamp(10),
            enqueuedAt: row.timestamp(3), availableAt: row.timestamp(2), traceparent: row.text(11),
            attempt: row.int(4), attemptsBeforeReplay: row.int(5), crashes: row.int(6),
            promise: promise(row))
    }

    private static func promise(_ row: Statement) -> StartPromise? {
        row.optionalInt64(12).map {
            StartPromise(within: .microseconds($0), estimate: row.optionalInt64(13).map { .microseconds($0) })
        }
    }
}
#endif
