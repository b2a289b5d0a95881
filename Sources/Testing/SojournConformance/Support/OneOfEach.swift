import SojournCore
import SojournModel

/// A task in every status that a task can have.
struct OneOfEach: Sendable {
    let succeeded: TaskID
    let cancelled: TaskID
    let dead: TaskID
    let retrying: TaskID
    let running: Delivery
    let scheduled: TaskID
    let queued: TaskID

    /// All of them by status.
    var byStatus: [TaskStatus: TaskID] {
        [
            .succeeded: succeeded, .cancelled: cancelled, .dead: dead, .retrying: retrying,
            .running: running.message.id, .scheduled: scheduled, .queued: queued,
        ]
    }
}

extension Trial {
    /// Makes a task in every status, in an empty queue; `retrying` and `scheduled` are due in ten seconds.
    func oneOfEach() async throws -> OneOfEach {
        let succeeded = try await enqueue()
        try await settle(try await claimOne())
        let cancelled = try await enqueue()
        _ = try await store.cancel([cancelled])
        let dead = try await bury(newTask())
        let retrying = try await enqueue()
        try await settle(try await claimOne(), .failed(Failure("flaky")))
        try await enqueue(newTask())
        let running = try await claimOne()
        return OneOfEach(
            succeeded: succeeded, cancelled: cancelled, dead: dead, retrying: retrying, running: running,
            scheduled: try await enqueue(newTask(after: .seconds(10))), queued: try await enqueue())
    }
}
