#if Redis
import RESP
import RedisTestKit
import SojournCore
import SojournModel
import SojournRedis
import SojournTestKit
import Testing

/// Claims that have nothing to choose are one call; whoever changes that meanwhile must be noticed.
@Suite("RedisQueue claims in one call", .needsRedis) struct GrabTests {
    private func claim(_ queue: RedisQueue, _ limit: Int, queues: [QueueName] = []) async throws -> [Delivery] {
        try await queue.lease(LeaseRequest(queues: queues, limit: limit, worker: "w")).deliveries
    }

    /// How many scripts were called so far.
    private func calls(_ client: RedisClient) async throws -> Int {
        let lines = try await client.send(Command("INFO", key: nil, "commandstats")).text ?? ""
        let line = lines.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_evalsha:calls=") }
        return line.flatMap { Int($0.dropFirst(22).prefix { $0.isNumber }) } ?? 0
    }

    @Test(arguments: [[], [QueueName.default]] as [[QueueName]])
    func oneLaneIsOneCall(queues: [QueueName]) async throws {
        try await withServer { stage, server in
            let queue = try stage.queue(on: server.address)
            let client = try stage.client(server.address)
            _ = try await queue.insert(newTasks(20))
            #expect(try await claim(queue, 2, queues: queues).count == 2)
            let before = try await calls(client)
            var counts: [Int] = []
            for limit in [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 100, 100] {
                counts.append(try await claim(queue, limit, queues: queues).count)
            }
            #expect(counts == [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 8, 0])
            #expect(try await calls(client) - before == 12)
        }
    }

    @Test func aSecondLaneIsSeenAndServedFairly() async throws {
        try await withServer { stage, server in
            let (queue, other) = (try stage.queue(on: server.address), try stage.queue(on: server.address))
            _ = try await queue.insert(newTasks(200))
            #expect(try await claim(queue, 10).count == 10)
            var urgent = newTasks(50)
            for index in urgent.indices { urgent[index].message.priority = .critical }
            _ = try await other.insert(urgent)
            let next = try await claim(queue, 18)
            #expect(next.count { $0.message.priority == .critical } >= 12)
            #expect(next.count == 18)
            var left = 222
            while left > 0 {
                let count = try await claim(queue, 30).count
                #expect(count > 0)
                left -= count
            }
        }
    }

    @Test func aQueueThatAnotherProcessMadeIsNotStarved() async throws {
        try await withServer { stage, server in
            let (queue, other) = (try stage.queue(on: server.address), try stage.queue(on: server.address))
            _ = try await queue.insert(newTasks(100))
            #expect(try await claim(queue, 1).count == 1)
            _ = try await other.insert(newTasks(1, queue: "new"))
            var seen: Set<QueueName> = []
            for _ in 0..<5 { seen.formUnion(try await claim(queue, 2).map(\.message.queue)) }
            #expect(seen == [.default, "new"])
        }
    }

    /// Nothing is left in the queue that is known, so only the new one could wake the claim.
    @Test(arguments: [[], [.default, "new"]] as [[QueueName]])
    func aNewQueueIsFoundWhereTheKnownOnesAreEmpty(queues: [QueueName]) async throws {
        try await withServer { stage, server in
            let (queue, other) = (try stage.queue(on: server.address), try stage.queue(on: server.address))
            _ = try await queue.insert(newTasks(1))
            #expect(try await claim(queue, 1, queues: queues).count == 1)
            _ = try await other.insert(newTasks(1, queue: "new"))
            let found = try await claim(queue, 1, queues: queues)
            #expect(found.map(\.message.queue) == ["new"])
        }
    }

    @Test func aPauseThatIsNotListedEndsTheClaim() async throws {
        try await withServer { stage, server in
            let queue = try stage.queue(on: server.address)
            var urgent = newTasks(1)
            urgent[0].message.priority = .critical
            _ = try await queue.insert(newTasks(1) + urgent)
            _ = try await stage.client(server.address).send(Command("SET", key: "{sojourn:default}:paused", "1"))
            #expect(try await claim(queue, 5).isEmpty)
        }
    }

    @Test func aPauseOfAnotherProcessHoldsAtOnce() async throws {
        try await withServer { stage, server in
            let (queue, other) = (try stage.queue(on: server.address), try stage.queue(on: server.address))
            _ = try await queue.insert(newTasks(10))
            #expect(try await claim(queue, 1).count == 1)
            try await other.setPaused(.default, true)
            #expect(try await claim(queue, 5).isEmpty)
            #expect(try await claim(queue, 5, queues: [.default]).isEmpty)
            #expect(try await queue.pausedQueues() == [.default])
            try await other.setPaused(.default, false)
            #expect(try await claim(queue, 5).count == 5)
            #expect(try await queue.pausedQueues() == [])
        }
    }

    @Test func aServerThatWasWipedAndNumbersAnewIsNoticed() async throws {
        try await withServer { stage, server in
            let (queue, other) = (try stage.queue(on: server.address), try stage.queue(on: server.address))
            let client = try stage.client(server.address)
            _ = try await queue.insert(newTasks(5, queue: "a"))
            #expect(try await claim(queue, 1, queues: ["a"]).count == 1)
            _ = try await client.send(Command("FLUSHALL"))
            // The same queue under another number.
            let again = try stage.queue(on: server.address)
            _ = try await again.insert(newTasks(1, queue: "b"))
            _ = try await again.insert(newTasks(3, queue: "a"))
            let deliveries = try await claim(queue, 2, queues: ["a"])
            #expect(deliveries.count == 2)
            let leases = deliveries.map(\.lease)
            #expect(try await other.extend(leases, by: .seconds(60)).allSatisfy { $0 != .lost })
            #expect(try await queue.finish(deliveries.map(succeeded)) == [.settled, .settled])
        }
    }
}
#endif
