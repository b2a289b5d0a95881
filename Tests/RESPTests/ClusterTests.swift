#if Redis
import Foundation
import RESP
import RedisTestKit
import SojournTestKit
import Testing

@Suite("A real cluster", .needsRedis) struct ClusterTests {
    @Test func everythingFindsItsNode() async throws {
        try await withStage { stage in
            let cluster = try await RedisCluster(on: stage)
            let client = try stage.client(cluster.address)
            let keys = (0..<300).map { "key\($0)" }
            let sets = keys.map { Command("SET", key: $0, $0) }
            #expect(try await client.send(sets).allSatisfy { $0 == .success(.simple("OK")) })
            let replies = try await client.send(keys.map { Command("GET", key: $0) } + [Command("PING")])
            #expect(replies.map { try? $0.get().text } == keys + ["PONG"])
            // All three nodes have some of them.
            for node in cluster.nodes {
                let size = try await node.client.send(Command("DBSIZE")).integer ?? 0
                #expect(size > 50)
            }
        }
    }

    @Test func scriptsAndBlockingCommandsToo() async throws {
        try await withStage { stage in
            let cluster = try await RedisCluster(on: stage)
            let client = try stage.client(cluster.address)
            let script = Script("return redis.call('INCR', KEYS[1])")
            let calls = (0..<50).map { script.call(keys: ["n\($0)"]) }
            #expect(try await client.send(calls) == Array(repeating: .success(.integer(1)), count: 50))
            for index in 0..<6 {
                _ = try await client.send(Command("RPUSH", key: "l\(index)", "x"))
                let popped = try await client.block(Command("BLPOP", key: "l\(index)", "5"), for: .seconds(5))
                #expect(popped.elements?.last?.text == "x")
            }
            let error = await #expect(throws: RESPError.self) {
                try await client.send(Command("MGET", key: "foo", "bar"))
            }
            #expect(error?.kind == .crossSlot)
        }
    }

    @Test func aSlotThatMoves() async throws {
        try await withStage { stage in
            let cluster = try await RedisCluster(on: stage)
            let client = try stage.client(cluster.address)
            let slot = RedisCluster.slotOfFoo
            _ = try await client.send(Command("SET", key: "{foo}old", "1"))
            try await cluster.beginMoving(slot)
            // The key that has not moved yet is answered by the old node; one that is not there any more by the new.
            #expect(try await client.send(Command("GET", key: "{foo}old")).text == "1")
            let asked = try await client.send([
                Command("SET", key: "{foo}new", "2"), Command("GET", key: "{foo}new"), Command("GET", key: "{foo}old"),
            ])
            #expect(asked.map { try? $0.get().text } == ["OK", "2", "1"])
            // Keys on both sides: the server asks to try again, until the slot is whole.
            async let both = client.send([Command("MGET", key: "{foo}old", "{foo}new")], timeout: .seconds(20))
            try await cluster.finishMoving(slot, keys: ["{foo}old"])
            let values = try await both[0].get().elements?.map(\.text)
            #expect(values == ["1", "2"])
            #expect(try await client.send(Command("GET", key: "{foo}old")).text == "1")
            let popped = try await client.block(Command("BLPOP", key: "{foo}none", "0.01"), for: .milliseconds(10))
            #expect(popped.isNull)
        }
    }

    @Test func aNodeThatDiesAndComesBack() async throws {
        try await withStage { stage in
            let cluster = try await RedisCluster(on: stage)
            let client = try stage.client(cluster.address)
            _ = try await client.send(Command("SET", key: "foo", "1"))
            let node = cluster.nodes[2].process
            node.kill()
            let error = await #expect(throws: RESPError.self) {
                try await client.send(Command("GET", key: "foo"), timeout: .milliseconds(400))
            }
            #expect(error?.isRetryable == true)
            #expect(error?.mayHaveExecuted == false || error?.kind == .connectionLost)
            async let waiting = client.send([Command("GET", key: "foo")], timeout: .seconds(20))
            try node.start()
            #expect(try await waiting[0].get().isNull)
        }
    }

    @Test func aReplicaThatTakesOver() async throws {
        try await withStage { stage in
            let cluster = try await RedisCluster(on: stage)
            let replica = try await cluster.addReplica(of: 2, on: stage)
            let client = try stage.client(cluster.address)
            _ = try await client.send(Command("SET", key: "foo", "1"))
            try await eventually("the replica has it") {
                try await replica.client.send(Command("DBSIZE")).integer == 1
            }
            cluster.nodes[2].process.kill()
            // What was under way at the kill may be lost; what is sent later waits for the replica.
            _ = try? await client.send(Command("GET", key: "foo"), timeout: .milliseconds(100))
            #expect(try await client.send(Command("GET", key: "foo"), timeout: .seconds(20)).text == "1")
            #expect(try await client.send(Command("SET", key: "foo", "2")) == .simple("OK"))
            #expect(try await replica.client.send(Command("GET", key: "foo")).text == "2")
        }
    }

    @Test func shutdownEndsItsPauses() async throws {
        try await withStage { stage in
            let dead = RedisEndpoint.host("127.0.0.1", port: try FreePort.next())
            let client = try stage.client(RedisAddress(.cluster([dead])))
            async let waiting = result { try await client.send(Command("GET", key: "a"), timeout: .seconds(60)) }
            let first = try await client.send([Command("PING")], timeout: .milliseconds(50))
            let refusal = #expect(throws: RESPError.self) { try first[0].get() }
            #expect(refusal?.kind == .connectionRefused)
            await client.shutdown()
            let ending = await waiting
            let error = #expect(throws: RESPError.self) { try ending.get() }
            #expect(error?.kind == .closed)
            let late = await #expect(throws: RESPError.self) { try await client.send(Command("PING")) }
            #expect(late?.kind == .closed)
        }
    }

    @Test func aSeedThatIsDownIsPassedOver() async throws {
        try await withStage { stage in
            let cluster = try await RedisCluster(on: stage)
            let dead = RedisEndpoint.host("127.0.0.1", port: try FreePort.next())
            let client = try stage.client(RedisAddress(.cluster([dead, cluster.nodes[1].process.endpoint])))
            #expect(try await client.send(Command("SET", key: "foo", "1")) == .simple("OK"))
        }
    }
}
#endif
