import SojournCore
import SojournModel

extension Trial {
    /// A claim that waits a minute.
    func waiting(
        queues: [QueueName] = [], types: Set<TaskType>? = nil, limit: Int = 1, wait: Duration = .seconds(60)
    ) -> LeaseRequest {
        LeaseRequest(queues: queues, types: types, limit: limit, duration: .seconds(30), wait: wait, worker: "waiter")
    }

    /// What a claim gets that waits while `body` runs, without the clock being moved.
    func claim(
        _ request: LeaseRequest, during body: @escaping @Sendable () async throws -> Void
    ) async throws -> [Delivery] {
        try await inReasonableTime("a waiting claim must be woken when a task becomes available") {
            let sleepers = subject.sleepers()
            async let claimed = queue.claim(request)
            // The claim may be late: then it finds the task at once, which is right as well.
            await giveChance { subject.sleepers() > sleepers }
            try await body()
            return try await claimed
        }
    }

    /// Moves the clock on, again and again, until `body` returns; what it returned.
    func whileTimePasses<Value: Sendable>(
        _ promise: String, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await inReasonableTime(promise) {
            try await withThrowingTaskGroup(of: Value?.self) { group in
                group.addTask { try await body() }
                group.addTask {
                    for round in 0... {
                        if Task.isCancelled { break }
                        try await subject.advance(.seconds(1))
                        await pause(round)
                    }
                    return nil
                }
                defer { group.cancelAll() }
                return try require(try await group.next() ?? nil, promise)
            }
        }
    }
}
