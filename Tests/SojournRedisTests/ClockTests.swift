#if Redis
import RedisTestKit
import SojournCore
import SojournModel
import SojournRedis
import Testing

/// Processes whose clocks are half a minute apart, and who go by the server's.
@Suite("RedisQueue among clocks that disagree", .needsRedis) struct ClockTests {
    private struct Process {
        let time: StoreTime
        let queue: RedisQueue
    }

    private func process(_ stage: Stage, _ server: RedisProcess, off offset: Duration) async throws -> Process {
        let time = StoreTime(base: OffsetTime(offset: offset))
        let queue = try stage.queue(on: server.address, time: time)
        try await time.take(queue.clock)
        return Process(time: time, queue: queue)
    }

    @Test func theServerSaysWhatTimeItIs() async throws {
        try await withServer { stage, server in
            let queue = try stage.queue(on: server.address)
            let before = SystemTime().now()
            let now = try await queue.clock()
            // One machine, one clock: to the tick that Redis remembers between events.
            #expect(now > before.advanced(by: .milliseconds(-20)))
            #expect(now < SystemTime().now().advanced(by: .milliseconds(20)))
        }
    }

    @Test func aClusterSaysSoToo() async throws {
        try await withStage { stage in
            let queue = try stage.queue(on: try await RedisCluster(on: stage, nodeTimeout: 10_000).address)
            let first = try await queue.clock()
            #expect(try await queue.clock() >= first)
        }
    }

    @Test(arguments: [Duration.seconds(30), .seconds(-30)])
    func leasesHoldAndDelaysLast(_ offset: Duration) async throws {
        try await withServer { stage, server in
            let processes = [
                try await process(stage, server, off: .zero), try await process(stage, server, off: offset),
            ]
            for (one, other) in [(processes[0], processes[1]), (processes[1], processes[0])] {
                _ = try await one.queue.insert(newTasks(1, at: one.time.now()))
                let grant = try await one.queue.lease(LeaseRequest(limit: 1, duration: .seconds(20), worker: "w"))
                let delivery = try #require(grant.deliveries.first)
                let (ended, next) = try await other.queue.expired(limit: 10)
                #expect(ended.isEmpty)
                let left = try #require(next).duration(since: other.time.now())
                #expect(left > .seconds(15) && left <= .seconds(20))
                #expect(try await other.queue.finish([succeeded(delivery)]) == [.settled])

                let later = newTasks(1, at: one.time.now(), after: .milliseconds(600))
                _ = try await one.queue.insert(later)
                #expect(try await other.queue.promote(limit: 10).arrivals.isEmpty)
                try await other.time.sleep(until: later[0].message.availableAt)
                #expect(try await other.queue.promote(limit: 10).arrivals.count == 1)
                let due = try await other.queue.lease(LeaseRequest(limit: 1, worker: "w"))
                #expect(try await one.queue.finish([succeeded(try #require(due.deliveries.first))]) == [.settled])
            }
        }
    }
}
#endif
