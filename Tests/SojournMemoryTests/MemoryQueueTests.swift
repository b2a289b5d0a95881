import SojournCore
import SojournMemory
import SojournModel
import Testing

/// What the seams leave open and ``MemoryQueue`` decides.
@Suite("MemoryQueue") struct MemoryQueueTests {
    private let time = ManualTime()

    private func task(payload: [UInt8] = []) -> NewTask {
        var random = SystemRandomNumberGenerator()
        let now = time.now()
        return NewTask(
            message: TaskMessage(
                id: TaskID(at: now, random: &random), type: "t", payload: payload, enqueuedAt: now, availableAt: now))
    }

    @Test func isOneWithItsStore() {
        let capabilities = MemoryQueue(time: time).capabilities
        #expect(capabilities.sharesStoreTransaction)
        #expect(capabilities.name == "memory")
        #expect(capabilities.payloadBytesMax == Limits.payloadBytes)
    }

    @Test func aLongPayloadRefusesTheWholeBatch() async throws {
        let queue = MemoryQueue(time: time)
        let long = task(payload: [UInt8](repeating: 0, count: Limits.payloadBytes + 1))
        let error = await #expect(throws: BackendError.self) { try await queue.insert([task(), long, task()]) }
        #expect(error?.code == .rejected)
        #expect(error?.message.contains("payload has \(Limits.payloadBytes + 1) bytes") == true)
        #expect(await queue.depths().isEmpty)
    }

    @Test func anIdentifierIsLikeAKey() async throws {
        let queue = MemoryQueue(time: time)
        let task = task(payload: [1])
        var other = task
        other.fingerprint &+= 1
        let answers = try await queue.insert([task, task, other])
        let id = task.message.id
        #expect(answers == [.inserted(id), .duplicate(of: id), .conflict(with: id)])
    }

    @Test(arguments: ["", "x", "-1", "01979f3c"])
    func aCursorFromElsewhereIsRefused(cursor: String) async {
        let queue = MemoryQueue(time: time)
        let error = await #expect(throws: BackendError.self) {
            try await queue.tasks(matching: TaskFilter(), limit: 10, cursor: cursor)
        }
        #expect(error?.code == .rejected)
    }

    @Test func aSeedMakesTokensRepeatable() async throws {
        struct Counting: RandomNumberGenerator {
            var state: UInt64 = 0
            mutating func next() -> UInt64 {
                state += 1
                return state
            }
        }
        let queue = MemoryQueue(time: time, random: Counting())
        _ = try await queue.insert([task(), task()])
        let tokens = await queue.lease(LeaseRequest(limit: 2)).deliveries.map(\.lease.token)
        #expect(tokens == [LeaseToken(high: 1, low: 2), LeaseToken(high: 3, low: 4)])
    }

    @Test func longerResultsAreNotKept() async throws {
        let queue = MemoryQueue(time: time)
        _ = try await queue.insert([task()])
        let delivery = try #require(await queue.lease(LeaseRequest(limit: 1)).deliveries.first)
        let long = [UInt8](repeating: 1, count: Limits.resultBytes + 1)
        let report = AttemptReport(
            delivery: delivery, outcome: .succeeded(result: long), startedAt: time.now(), finishedAt: time.now(),
            worker: "w")
        let verdict = Verdict(status: .succeeded, disposition: .acknowledge, countsAttempt: true)
        #expect(await queue.finish([AttemptResult(report: report, verdict: verdict)]) == [.settled])
        let record = await queue.task(delivery.message.id)
        #expect(record?.status == .succeeded)
        #expect(record?.result == nil)
    }

    @Test func manyTenantsAndTypesAreNoBurden() async throws {
        let queue = MemoryQueue(time: time)
        let tasks = (0..<5_000).map { index in
            var task = task()
            task.message.tenant = Tenant(trusted: "tenant-\(index)")
            task.message.type = TaskType(trusted: "type-\(index % 50)")
            return task
        }
        _ = try await queue.insert(tasks)
        var claimed: Set<TaskID> = []
        while true {
            let deliveries = await queue.lease(LeaseRequest(limit: 500)).deliveries
            if deliveries.isEmpty { break }
            claimed.formUnion(deliveries.map(\.message.id))
        }
        #expect(claimed.count == tasks.count)
    }
}
