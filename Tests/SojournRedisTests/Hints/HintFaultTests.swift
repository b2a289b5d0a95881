#if Redis && SQLite
import Foundation
import NIOCore
import RESP
import RedisTestKit
import SojournCore
import SojournModel
import SojournRedis
import SojournSQLite
import SojournTestKit
import Testing

/// Redis loses what it has, or is gone, under a worker that works: every accepted task ends exactly once, and work goes
/// on within five seconds.
@Suite("Redis with a store, in trouble", .needsRedis, .serialized) struct HintFaultTests {
    /// How often each fault is made, and for how many seconds Redis is gone (at most 10); `SOJOURN_HINT_ROUNDS=50` for
    /// a release.
    private static let rounds =
        ProcessInfo.processInfo.environment["SOJOURN_HINT_ROUNDS"].flatMap { Int($0) } ?? 3
    private static let everySecond = ["appendonly yes", "appendfsync everysec"]

    /// Does `fault` again and again while tasks wait, run and arrive.
    private func survive(
        _ settings: [String] = [], rounds: Int = rounds, _ fault: (HintStage) async throws -> Void
    ) async throws {
        try await HintStage.with(settings) { stage in
            try await stage.run {
                for round in 1...rounds {
                    try await stage.isFilled()
                    try await stage.queue.setPaused("held", true)
                    try await stage.produce(100, queue: "held")
                    for _ in 0..<5 { try await stage.produce(40) }
                    try await fault(stage)
                    try await stage.queue.setPaused("held", false)
                    try await stage.produce(20)
                    try await stage.allEnd("after fault \(round)")
                }
            }
        }
    }

    @Test func flushed() async throws {
        try await survive { stage in _ = try await stage.redis.client().send(Command("FLUSHALL")) }
    }

    @Test func killed() async throws {
        try await survive(Self.everySecond) { stage in
            stage.redis.server.kill()
            try stage.redis.server.start()
            try await stage.redis.server.isUp()
        }
    }

    @Test func wipedAndStartedAgain() async throws {
        try await survive(Self.everySecond) { stage in
            stage.redis.server.kill()
            try FileManager.default.removeItem(at: stage.redis.server.folder.appendingPathComponent("appendonlydir"))
            try stage.redis.server.start()
            try await stage.redis.server.isUp()
        }
    }

    @Test func failedOverToAReplicaThatLostAcknowledgedWrites() async throws {
        try await Failover.with { failover in
            try await survive(rounds: min(Self.rounds, 20)) { stage in
                try await failover.follow(stage.redis)
                try await failover.fallBehind()
                // The old master takes these, and nobody else ever hears of them.
                for _ in 0..<5 { try await stage.produce(20) }
                try await failover.takeOver(stage.redis)
            }
        }
    }

    @Test func goneWhileTasksComeIn() async throws {
        let outage = Duration.seconds(min(Self.rounds, 10))
        try await survive(rounds: 1) { stage in
            stage.redis.server.kill()
            let start = ContinuousClock.now
            let before = stage.started
            var slowest = Duration.zero
            while ContinuousClock.now - start < outage {
                let asked = ContinuousClock.now
                try await stage.produce(10)
                slowest = max(slowest, ContinuousClock.now - asked)
                // No more than the worker can do.
                try await eventually("the worker keeps up") { stage.accepted - stage.started < 500 }
            }
            #expect(slowest < .seconds(3))
            try await eventually("work goes on without Redis", within: .seconds(5)) {
                stage.started - before > 100
            }
            try stage.redis.server.start()
            try await stage.redis.server.isUp()
        }
    }

    @Test func frozen() async throws {
        try await survive { stage in
            let client = try stage.redis.client()
            // Nobody is answered for two seconds.
            _ = try await client.send(Command("CLIENT", key: nil, "PAUSE", "2000", "ALL"))
            try await stage.produce(20)
        }
    }

    @Test func full() async throws {
        try await survive { stage in
            let client = try stage.redis.client()
            _ = try await client.send(Command("CONFIG", key: nil, "SET", "maxmemory", "1"))
            try await stage.produce(20)
            _ = try await client.send(Command("CONFIG", key: nil, "SET", "maxmemory", "0"))
        }
    }

    @Test func filledWithGarbage() async throws {
        try await survive { stage in
            let client = try stage.redis.client()
            for queue in ["default", "held"] as [QueueName] {
                // Doubles of what waits, tasks that nobody knows, and what is no hint at all.
                let members = try await client.send(Command("ZRANGE", key: hintKey(queue), "0", "-1", "WITHSCORES"))
                let words = members.elements?.compactMap(\.bytes) ?? []
                for index in stride(from: 0, to: words.count - 1, by: 2) {
                    var double = Command("ZADD", key: hintKey(queue))
                    double.append(words[index + 1])
                    double.append(bytes: [1] + Array(words[index].readableBytesView).dropFirst())
                    _ = try await client.send(double)
                }
                try await RedisHints(client).push(newTasks(50, queue: queue).map { Hint($0.message) })
                _ = try await client.send(Command("ZADD", key: hintKey(queue), "1", "garbage", "-inf", ""))
                _ = try await client.send(Command("SADD", key: "{sojourn:\(queue)}:hints", "garbage"))
            }
            _ = try await client.send(Command("SET", key: "{sojourn:else}:hints", "garbage"))
            _ = try await client.send(Command("SADD", key: "{sojourn}:hints:queues", "else"))
        }
    }

    @Test func aProcessThatPopsAndDies() async throws {
        try await survive(rounds: 1) { stage in
            let other = RedisHints(try stage.redis.client())
            try await other.setPaused("held", false)
            #expect(try await other.pop(LeaseRequest(queues: ["held"], limit: 60)).count == 60)
            try await other.setPaused("held", true)
        }
    }

    @Test func aLossIsNoticedWithinASecond() async throws {
        try await HintStage.with { stage in
            try await stage.produce(10)
            try await stage.run(withWorker: false) {
                try await stage.isFilled()
                for _ in 0..<Self.rounds {
                    let start = ContinuousClock.now
                    _ = try await stage.redis.client().send(Command("FLUSHALL"))
                    try await stage.isFilled()
                    #expect(try await stage.hinted() == 10)
                    #expect(ContinuousClock.now - start < .seconds(2))
                }
            }
        }
    }

    @Test func aHundredThousandAreHintedAgain() async throws {
        try await HintStage.with { stage in
            for _ in 0..<100 { _ = try await stage.store.insert(newTasks(1_000)) }
            let clock = ContinuousClock()
            let start = clock.now
            try await stage.run(withWorker: false) {
                try await stage.isFilled(within: .seconds(60))
                // How fast this machine is: 3 s on most, three times as long on some.
                let first = clock.now - start
                let again = try await clock.measure {
                    _ = try await stage.redis.client().send(Command("FLUSHALL"))
                    try await stage.isFilled(within: .seconds(60))
                }
                #expect(try await stage.hinted() == 100_000)
                #expect(again < first * 1.5 + .seconds(2), "the first time it took \(first)")
            }
        }
    }
}
#endif
