#if Redis
import SojournCore
import SojournModel
import SojournTestKit
import Testing

extension Application {
    /// Returns when the worker has ended so many more tasks.
    func makesProgress(_ tasks: Int = 20, within limit: Duration = .seconds(30)) async throws {
        let before = history.succeeded
        try await eventually("the worker ends \(tasks) more tasks", within: limit) {
            history.succeeded >= before + tasks
        }
    }

    /// How long it takes from now until the worker goes on by itself; five seconds at most.
    @discardableResult
    func resumes() async throws -> Duration {
        let start = ContinuousClock.now
        try await makesProgress(1, within: .seconds(5))
        return ContinuousClock.now - start
    }

    /// Returns when all tasks that Redis has are over.
    func comesToRest() async throws {
        try await eventually("every task is over", within: .seconds(60)) {
            guard let depths = try? await queue.backend.depths() else { return false }
            return depths.allSatisfy { depth in depth.counts.allSatisfy { $0.key.isFinal || $0.value == 0 } }
        }
    }

    /// Every task that Redis has came to one end, and the counts say the same. Without a loss, these are the tasks that
    /// were accepted, and none was handed out after its end. Returns the tasks that were accepted and are not there.
    @discardableResult
    func check(allowsLoss: Bool = false) async throws -> [TaskID] {
        let listed = try await allTasks()
        let depths = try await queue.backend.depths()
        #expect(depths.reduce(0) { $0 + $1.counts.values.reduce(0, +) } == listed.count)
        for start in stride(from: 0, to: listed.count, by: 100) {
            try await withThrowingTaskGroup { group in
                for id in listed[start..<min(start + 100, listed.count)] {
                    group.addTask { Self.check(try #require(try await queue.store.task(id))) }
                }
                try await group.waitForAll()
            }
        }
        let accepted = history.accepted
        let lost = Set(accepted.keys).subtracting(listed)
        if !allowsLoss {
            #expect(lost.isEmpty)
            #expect(history.again.isEmpty)
        }
        #expect(Set(listed).subtracting(accepted.keys).isEmpty)
        #expect(Set(listed).count == listed.count)
        return Array(lost)
    }

    private static func check(_ record: TaskRecord) {
        let outcomes = record.attempts.map { $0.outcome ?? "none" }
        let story = Comment("\(record.message.id) is \(record.status) after \(outcomes)")
        // Three crashes under one task make it a poison pill; that needs the same bad luck three times.
        let isPoison = record.deadReason == .poison && outcomes.count { $0 == "lease_expired" } == 3
        #expect(record.status == (isPoison ? .dead : .succeeded), story)
        #expect(outcomes.count { $0 == "succeeded" } == (isPoison ? 0 : 1), story)
        #expect(isPoison || outcomes.last == "succeeded", story)
        #expect(record.attempts.map(\.number) == Array(1...max(1, outcomes.count)), story)
        #expect(record.attempts.count == record.message.attempt, story)
    }

    private func allTasks() async throws -> [TaskID] {
        var ids: [TaskID] = []
        var cursor: String?
        repeat {
            let page = try await queue.store.tasks(matching: TaskFilter(), limit: Limits.page, cursor: cursor)
            ids += page.tasks.map(\.message.id)
            cursor = page.cursor
        } while cursor != nil
        return ids
    }
}
#endif
