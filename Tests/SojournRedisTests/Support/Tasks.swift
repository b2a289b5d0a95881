#if Redis
import SojournCore
import SojournModel

/// Plain tasks that are accepted now, and available then or later.
func newTasks(
    _ count: Int, queue: QueueName = .default, payload: [UInt8] = [1], at now: Timestamp = SystemTime().now(),
    after delay: Duration = .zero
) -> [NewTask] {
    var random = SystemRandomNumberGenerator()
    return (0..<count).map { _ in
        NewTask(
            message: TaskMessage(
                id: TaskID(at: now, random: &random), type: "test", queue: queue, payload: payload, enqueuedAt: now,
                availableAt: now.advanced(by: delay)))
    }
}

/// The result of an attempt that went well.
func succeeded(_ delivery: Delivery) -> AttemptResult {
    let now = SystemTime().now()
    let report = AttemptReport(
        delivery: delivery, outcome: .succeeded(), startedAt: now, finishedAt: now, worker: "worker")
    return AttemptResult(
        report: report, verdict: Verdict(status: .succeeded, disposition: .acknowledge, countsAttempt: true))
}
#endif
