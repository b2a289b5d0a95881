#if Redis && SQLite
import Foundation
import RESP
import RedisTestKit
import SojournCore
import SojournModel
import SojournRedis
import SojournTestKit
import Testing

@Suite("RedisHints", .needsRedis) struct RedisHintsTests {
    private func hints(_ count: Int, at instants: (Int) -> Int = { _ in 0 }, queue: QueueName = .default) -> [Hint] {
        newTasks(count, queue: queue).enumerated().map { index, task in
            var hint = Hint(task.message)
            hint.availableAt = Timestamp(microseconds: 1_700_000_000_000_000 + Int64(instants(index)))
            return hint
        }
    }

    private let all = LeaseRequest(limit: 1_000)

    @Test func aLineIsInOrderOfTimeAndThenOfArrival() async throws {
        try await withOneServer { stage in
            let (one, other) = (RedisHints(try stage.client()), RedisHints(try stage.client()))
            let middle = hints(40, at: { _ in 5 })
            let spread = hints(40, at: { $0 / 4 })
            try await one.push(middle)
            try await other.push(spread)
            #expect(try await one.pop(LeaseRequest(limit: 5)) == Array(spread[..<5]))
            // Those of one instant stand in the order in which they were pushed, whoever did it.
            #expect(try await other.pop(all) == spread[5..<20] + middle + spread[20...])
        }
    }

    @Test func whoComesFirstTakesIt() async throws {
        try await withOneServer { stage in
            let channels = try (0..<4).map { _ in RedisHints(try stage.client()) }
            let pushed = hints(400, at: { $0 })
            try await channels[0].push(pushed)
            let popped = try await withThrowingTaskGroup(of: [Hint].self) { group in
                for channel in channels {
                    group.addTask {
                        var mine: [Hint] = []
                        while case let some = try await channel.pop(LeaseRequest(limit: 7)), !some.isEmpty {
                            mine += some
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(popped.count == 400)
            #expect(Set(popped) == Set(pushed))
        }
    }

    @Test func theEpochSaysWhetherAnythingWasLost() async throws {
        try await withOneServer(["appendonly yes", "appendfsync always"]) { stage in
            let (one, other) = (RedisHints(try stage.client()), RedisHints(try stage.client()))
            #expect(try await one.look().epoch == .lost(token: ""))
            try await other.push(hints(3))
            let filling = try #require(try await one.beginFilling(insteadOf: ""))
            #expect(try await one.look() == HintView(epoch: .filling))
            #expect(try await other.beginFilling(insteadOf: "") == nil)
            #expect(try await one.goOnFilling(filling))
            try await one.push(hints(3))
            #expect(try await one.endFilling(filling))
            #expect(try await other.look().epoch == .complete)
            #expect(try await one.goOnFilling(filling) == false)
            #expect(try await one.endFilling(filling) == false)
            stage.server.kill()
            try stage.server.start()
            try await stage.server.isUp()
            let (after, client) = (RedisHints(try stage.client()), try stage.client())
            guard case .lost(let token) = try await after.look().epoch else {
                Issue.record("A restart must show.")
                return
            }
            #expect(token.hasSuffix("complete"))
            #expect(try await client.send(Command("ZCARD", key: hintKey())).integer == 3)
            #expect(try await other.beginFilling(insteadOf: "") == nil)
            let again = try #require(try await after.beginFilling(insteadOf: token))
            #expect(try await client.send(Command("EXISTS", key: hintKey())).integer == 0)
            _ = try await client.send(Command("FLUSHALL"))
            #expect(try await after.goOnFilling(again) == false)
            #expect(try await after.endFilling(again) == false)
            #expect(try await after.look().epoch == .lost(token: ""))
        }
    }

    @Test func aFillerThatSaysNothingIsForgotten() async throws {
        try await withOneServer { stage in
            let channel = RedisHints(try stage.client())
            _ = try #require(try await channel.beginFilling(insteadOf: ""))
            let left = try await stage.client().send(Command("PTTL", key: "{sojourn}:hints:epoch")).integer ?? -1
            #expect((1...5_000).contains(left))
        }
    }

    @Test func whatIsNoHintIsPassedOver() async throws {
        try await withOneServer { stage in
            let (channel, client) = (RedisHints(try stage.client()), try stage.client())
            let pushed = hints(20, at: { $0 })
            try await channel.push(pushed)
            let garbage = ["", "x", String(repeating: "y", count: 24), String(repeating: "z", count: 4_000)]
            for (index, text) in garbage.enumerated() {
                for score in ["-inf", "+inf", "0", "-1e300", "1.5", "\(index)"] {
                    _ = try await client.send(Command("ZADD", key: hintKey(), score, text + score))
                }
            }
            for name in ["", "9 a b", "1", "x y z", "1 a b c", "\u{0}"] {
                _ = try await client.send(Command("SADD", key: "{sojourn:default}:hints", name))
            }
            _ = try await client.send(Command("SADD", key: "{sojourn}:hints:queues", "", "*", "a}b{c"))
            #expect(try await channel.look().firsts.count <= 1)
            var popped: [Hint] = []
            while case let some = try await channel.pop(LeaseRequest(limit: 3)), !some.isEmpty { popped += some }
            #expect(popped.filter { pushed.contains($0) } == pushed)
            #expect(popped.count <= 22)
            #expect(try await client.send(Command("EXISTS", key: hintKey())).integer == 0)
        }
    }

    @Test(arguments: [
        hintKey(), "{sojourn:default}:hints", "{sojourn}:hints:queues", "{sojourn}:hints:paused",
        "{sojourn}:hints:epoch",
    ])
    func aKeyOfTheWrongKindHealsWithTheNextLook(key: String) async throws {
        try await withOneServer { stage in
            let (channel, client) = (RedisHints(try stage.client()), try stage.client())
            try await channel.push(hints(2))
            _ = try await client.send([Command("DEL", key: key), Command("HSET", key: key, "a", "b")])
            _ = try await channel.look()
            let pushed = hints(3, queue: "new")
            try await channel.push(pushed)
            #expect(Set(try await channel.pop(all)).isSuperset(of: pushed))
            #expect(try await channel.look().paused == [])
        }
    }

    @Test func anotherProcessWakesAClaimThatWaits() async throws {
        try await withOneServer { stage in
            let (worker, producer) = (RedisHints(try stage.client()), RedisHints(try stage.client()))
            let client = try stage.client()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await worker.run() }
                try await eventually("the worker listens") {
                    let answer = try await client.send(Command("PUBSUB", key: nil, "NUMSUB", "sojourn:wake"))
                    return answer.elements?.last?.integer == 1
                }
                let start = ContinuousClock.now
                let ticket = worker.waiters.ticket(for: [.default])
                async let woken: WaitList.Call? = worker.waiters.wait(
                    ticket, until: SystemTime().now().advanced(by: .seconds(60)))
                try await producer.push(hints(1))
                _ = await woken
                #expect(ContinuousClock.now - start < .seconds(30))
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    @Test func inAClusterEveryCallStaysInOneSlot() async throws {
        try await withOneServer(["cluster-enabled yes"]) { stage in
            let client = try stage.client()
            _ = try await client.send(Command("CLUSTER", key: nil, "ADDSLOTSRANGE", "0", "16383"))
            try await eventually("the cluster is up") {
                try await client.send(Command("CLUSTER", key: nil, "INFO")).text?.contains("cluster_state:ok") == true
            }
            let route = try RedisClient(RedisAddress(.cluster([stage.server.endpoint])), logger: .quiet)
            let channel = RedisHints(route)
            let filling = try #require(try await channel.beginFilling(insteadOf: ""))
            let pushed = ["a", "b", "c"].flatMap { hints(20, at: { $0 }, queue: $0) }
            try await channel.push(pushed)
            #expect(try await channel.goOnFilling(filling))
            #expect(try await channel.endFilling(filling))
            #expect(try await channel.look().epoch == .complete)
            #expect(try await channel.look().firsts.count == 3)
            try await channel.setPaused("a", true)
            #expect(Set(try await channel.pop(all)) == Set(pushed[20...]))
            let token = try #require(try await client.send(Command("GET", key: "{sojourn}:hints:epoch")).text)
            #expect(try await channel.beginFilling(insteadOf: token) != nil)
            #expect(try await channel.look() == HintView(epoch: .filling, paused: ["a"]))
            await route.shutdown()
        }
    }

    @Test func aServerThatForgetsItsScriptsChangesNothing() async throws {
        try await withOneServer { stage in
            let (channel, client) = (RedisHints(try stage.client()), try stage.client())
            let pushed = hints(30, at: { $0 })
            try await channel.push(pushed)
            var popped: [Hint] = []
            for _ in 0..<10 {
                _ = try await client.send(Command("SCRIPT", key: nil, "FLUSH"))
                popped += try await channel.pop(LeaseRequest(limit: 3))
            }
            #expect(popped == pushed)
        }
    }
}
#endif
