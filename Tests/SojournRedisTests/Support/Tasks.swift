#if Redis
import SojournCore
import SojournModel

/// Plain tasks that are available now.
func newTasks(_ count: Int, queue: QueueName = .default, payload: [UInt8] = [1]) -> [NewTask] {
    var random = SystemRandomNumberGenerator()
    let now = SystemTime().now()
    return (0..<count).map { _ in
        NewTask(
            message: TaskMessage(
                id: TaskID(at: now, random: &random), type: "test", queue: queue, payload: payload, enqueuedAt: now,
                availableAt: now))
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
