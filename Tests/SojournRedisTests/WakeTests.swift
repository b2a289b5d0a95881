#if Redis
import RESP
import RedisTestKit
import SojournCore
import SojournModel
import SojournRedis
import SojournTestKit
import Testing

@Suite("RedisQueue wakes", .needsRedis) struct WakeTests {
    /// Runs `body` while `queue` listens to others.
    private func whileListening(_ queue: RedisQueue, _ client: RedisClient, _ body: () async throws -> Void)
        async throws
    {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { do { try await queue.run() } catch is CancellationError {} }
            try await eventually("the queue listens") {
                let answer = try await client.send(Command("PUBSUB", key: nil, "NUMSUB", "sojourn:wake"))
                return answer.elements?.last?.integer == 1
            }
            try await body()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private var patient: LeaseRequest { LeaseRequest(limit: 1, wait: .seconds(60)) }

    @Test func anotherProcessWakesAClaimThatWaits() async throws {
        try await withServer { stage, server in
            let (worker, producer) = (try stage.queue(on: server.address), try stage.queue(on: server.address))
            try await whileListening(worker, try stage.client(server.address)) {
                for _ in 0..<10 {
                    let start = ContinuousClock.now
                    async let granted = worker.lease(patient)
                    try await Task.sleep(for: .milliseconds(5))
                    let tasks = newTasks(1)
                    _ = try await producer.insert(tasks)
                    #expect(try await granted.deliveries.map(\.message.id) == tasks.map(\.message.id))
                    #expect(ContinuousClock.now - start < .seconds(30))
                }
            }
        }
    }

    @Test func anotherProcessResumesAQueue() async throws {
        try await withServer { stage, server in
            let (worker, other) = (try stage.queue(on: server.address), try stage.queue(on: server.address))
            try await other.setPaused(.default, true)
            _ = try await other.insert(newTasks(1))
            try await whileListening(worker, try stage.client(server.address)) {
                let start = ContinuousClock.now
                async let granted = worker.lease(patient)
                try await Task.sleep(for: .milliseconds(20))
                try await other.setPaused(.default, false)
                #expect(try await granted.deliveries.count == 1)
                #expect(ContinuousClock.now - start < .seconds(30))
            }
        }
    }

    @Test func whoIsAloneIsNotTold() async throws {
        try await withServer { stage, server in
            let (queue, other) = (try stage.queue(on: server.address), try stage.queue(on: server.address))
            let client = try stage.client(server.address)
            try await whileListening(queue, client) {
                async let granted = queue.lease(patient)
                try await Task.sleep(for: .milliseconds(20))
                _ = try await queue.insert(newTasks(1))
                #expect(try await granted.deliveries.count == 1)
                #expect(try await client.info("commandstats")["cmdstat_publish"] == nil)
                // Somebody else is heard, also by who is alone in listening.
                async let next = queue.lease(patient)
                try await Task.sleep(for: .milliseconds(20))
                _ = try await other.insert(newTasks(1))
                #expect(try await next.deliveries.count == 1)
                #expect(try await client.info("commandstats")["cmdstat_publish"]?.hasPrefix("calls=1,") == true)
            }
        }
    }

    @Test func aClaimThatWaitsAsksNothing() async throws {
        try await withServer { stage, server in
            let worker = try stage.queue(on: server.address)
            let client = try stage.client(server.address)
            try await whileListening(worker, client) {
                async let granted = worker.lease(LeaseRequest(limit: 1, wait: .seconds(3)))
                try await Task.sleep(for: .seconds(1))
                let before = try await commands(client)
                #expect(try await granted.deliveries.isEmpty)
                // Three commands of the last look, and ours.
                #expect(try await commands(client) - before <= 6)
            }
        }
    }

    private func commands(_ client: RedisClient) async throws -> Int {
        let stats = try await client.send(Command("INFO", key: nil, "stats")).text ?? ""
        let line = stats.split(whereSeparator: \.isNewline).first { $0.hasPrefix("total_commands_processed:") }
        return line.flatMap { Int($0.split(separator: ":")[1]) } ?? 0
    }
}
#endif
