#if Postgres
import SojournCore
import SojournModel
import SojournPostgres
import Testing

/// Several processes on one database.
@Suite("Postgres among several", .needsPostgres, .timeLimit(.minutes(2))) struct SharedTests {
    private func withTwo(_ body: (PostgresQueue, PostgresQueue) async throws -> Void) async throws {
        let (url, schema) = (try await OnePostgres.url(), OnePostgres.schema())
        let one = try PostgresConnection(url, schema: schema, connections: 4, logger: .silent)
        let two = try PostgresConnection(url, schema: schema, connections: 4, logger: .silent)
        let result: Result<Void, any Error>
        do {
            try await one.migrations.apply()
            result = .success(try await body(one.queue, two.queue))
        } catch {
            result = .failure(error)
        }
        await one.close()
        await two.close()
        try result.get()
    }

    private func newTasks(_ count: Int) -> [NewTask] {
        return newTasks(count, at: SystemTime().now())
    }

    private func newTasks(_ count: Int, at now: Timestamp, after delay: Duration = .zero) -> [NewTask] {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            NewTask(
                message: TaskMessage(
                    id: TaskID(at: now, random: &random), type: "test", payload: [1], enqueuedAt: now,
                    availableAt: now.advanced(by: delay)))
        }
    }

    @Test func oneWakesTheOther() async throws {
        try await withTwo { one, two in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { do { try await one.run() } catch is CancellationError {} }
                for _ in 0..<5 {
                    async let granted = one.lease(LeaseRequest(limit: 1, wait: .seconds(30), worker: "w"))
                    try await Task.sleep(for: .milliseconds(50))
                    let start = ContinuousClock.now
                    _ = try await two.insert(newTasks(1))
                    let count = try await granted.deliveries.count
                    #expect(count == 1)
                    #expect(ContinuousClock.now - start < .seconds(4))
                }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    @Test func eightClaimersAndEightReapersShareWithoutDoubles() async throws {
        try await withTwo { one, two in
            let tasks = newTasks(1_000)
            _ = try await one.insert(tasks)
            let claimed = try await withThrowingTaskGroup(of: [TaskID].self) { group in
                for index in 0..<8 {
                    group.addTask {
                        var ids: [TaskID] = []
                        while true {
                            let request = LeaseRequest(limit: 7, duration: .seconds(1), worker: "w\(index)")
                            let grant = try await (index.isMultiple(of: 2) ? one : two).lease(request)
                            if grant.deliveries.isEmpty { return ids }
                            ids += grant.deliveries.map(\.message.id)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claimed.count == 1_000 && Set(claimed) == Set(tasks.map(\.message.id)))
            try await Task.sleep(for: .seconds(2))
            let queues = [one, two].map { LocalTaskQueue(store: $0, backend: $0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<8 {
                    group.addTask {
                        let queue = queues[index % 2]
                        let now = queue.time.now()
                        let ended = try await queue.backend.expired(limit: 1_000).deliveries
                        _ = try await queue.complete(
                            ended.map {
                                AttemptReport(
                                    delivery: $0, outcome: .leaseExpired, startedAt: now, finishedAt: now, worker: "")
                            })
                    }
                }
                try await group.waitForAll()
            }
            let records = try await one.tasks(matching: TaskFilter(), limit: 500, cursor: nil).tasks
            #expect(records.count == 500)
            #expect(records.allSatisfy { $0.message.crashes == 1 && $0.message.attempt == 1 })
        }
    }

    /// A delay is reckoned by the process that accepts the task, and its clock may be off; the database's is the same
    /// for all.
    @Test(arguments: [Duration.seconds(30), .seconds(-30)])
    func delaysLastAmongClocksThatDisagree(_ offset: Duration) async throws {
        try await withTwo { _, other in
            let time = StoreTime(base: OffsetTime(offset: offset))
            try await time.take(other.clock)
            let later = newTasks(1, at: time.now(), after: .milliseconds(600))
            _ = try await other.insert(later)
            #expect(try await other.promote(limit: 10).arrivals.isEmpty)
            try await time.sleep(until: later[0].message.availableAt)
            // Within a millisecond: what a question to the database takes.
            try await Task.sleep(for: .milliseconds(5))
            #expect(try await other.promote(limit: 10).arrivals.count == 1)
            let now = try await other.clock()
            #expect(abs(now.duration(since: SystemTime().now()).inSeconds) < 0.1, "one machine, one clock")
        }
    }
}
#endif
