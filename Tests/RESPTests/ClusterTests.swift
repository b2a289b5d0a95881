#if Redis
import Foundation
import RESP
import Testing

@Suite("A real cluster", .needsRedis) struct ClusterTests {
    @Test func everythingFindsItsNode() async throws {
        try await withStage { stage in
            let cluster = try await TestCluster(on: stage)
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
            let cluster = try await TestCluster(on: stage)
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
            let cluster = try await TestCluster(on: stage)
            let client = try stage.client(cluster.address)
            let slot = TestCluster.slotOfFoo
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
            let cluster = try await TestCluster(on: stage)
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
            let cluster = try await TestCluster(on: stage)
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
            let cluster = try await TestCluster(on: stage)
            let dead = RedisEndpoint.host("127.0.0.1", port: try FreePort.next())
            let client = try stage.client(RedisAddress(.cluster([dead, cluster.nodes[1].process.endpoint])))
            #expect(try await client.send(Command("SET", key: "foo", "1")) == .simple("OK"))
        }
    }
}

/// Three nodes that share the slots evenly.
struct TestCluster {
    struct Node {
        let process: RedisProcess
        let client: RedisClient
        let id: String
    }

    /// Of the key `foo`; the last node has it at first.
    static let slotOfFoo = 12_182
    let nodes: [Node]

    var address: RedisAddress { RedisAddress(.cluster([nodes[0].process.endpoint])) }

    init(on stage: Stage) async throws {
        var nodes: [Node] = []
        for index in 0..<3 {
            let node = try await Self.node(on: stage)
            let client = node.client
            let slots = [("0", "5460"), ("5461", "10922"), ("10923", "16383")][index]
            _ = try await client.send(Command("CLUSTER", key: nil, "ADDSLOTSRANGE", slots.0, slots.1))
            // Different epochs, or the nodes quarrel about theirs first.
            _ = try await client.send(Command("CLUSTER", key: nil, "SET-CONFIG-EPOCH", "\(index + 1)"))
            nodes.append(node)
        }
        for node in nodes.dropFirst() { try await Self.meet(nodes[0], node) }
        self.nodes = nodes
        for node in nodes {
            try await eventually("the cluster is whole") {
                let info = try await node.client.send(Command("CLUSTER", key: nil, "INFO")).text ?? ""
                let slots = try await node.client.send(Command("CLUSTER", key: nil, "SLOTS")).elements ?? []
                return info.contains("cluster_state:ok") && slots.count == 3
            }
        }
    }

    private static func node(on stage: Stage) async throws -> Node {
        let process = try await stage.server([
            "cluster-enabled yes", "cluster-port \(try FreePort.next())", "cluster-node-timeout 1000",
            "repl-diskless-sync-delay 0",
        ])
        let client = try stage.client(process.address)
        let id = try await client.send(Command("CLUSTER", key: nil, "MYID")).text ?? ""
        return Node(process: process, client: client, id: id)
    }

    private static func meet(_ one: Node, _ other: Node) async throws {
        let settings = try await other.client.send(Command("CONFIG", key: nil, "GET", "cluster-port"))
        let bus = settings["cluster-port"]?.text ?? ""
        _ = try await one.client.send(
            Command("CLUSTER", key: nil, "MEET", "127.0.0.1", "\(other.process.port)", bus))
    }

    /// Another node that follows the one at `index`, and has what that has.
    func addReplica(of index: Int, on stage: Stage) async throws -> Node {
        let replica = try await Self.node(on: stage)
        try await Self.meet(nodes[0], replica)
        try await eventually("the replica knows its master") {
            (try? await replica.client.send(Command("CLUSTER", key: nil, "REPLICATE", nodes[index].id))) != nil
        }
        for node in nodes {
            try await eventually("all know the replica") {
                let slots = try await node.client.send(Command("CLUSTER", key: nil, "SLOTS")).elements ?? []
                return slots.contains { $0.elements?.count == 4 }
            }
        }
        try await eventually("the replica is in step") {
            let info = try await replica.client.send(Command("INFO", key: nil, "replication")).text ?? ""
            return info.contains("master_link_status:up")
        }
        return replica
    }

    /// Begins to move a slot from the last node to the first.
    func beginMoving(_ slot: Int) async throws {
        _ = try await nodes[0].client.send(Command("CLUSTER", key: nil, "SETSLOT", "\(slot)", "IMPORTING", nodes[2].id))
        _ = try await nodes[2].client.send(Command("CLUSTER", key: nil, "SETSLOT", "\(slot)", "MIGRATING", nodes[0].id))
    }

    func finishMoving(_ slot: Int, keys: [String]) async throws {
        for key in keys {
            let port = "\(nodes[0].process.port)"
            _ = try await nodes[2].client.send(Command("MIGRATE", key: nil, "127.0.0.1", port, key, "0", "5000"))
        }
        for node in [nodes[0], nodes[2], nodes[1]] {
            _ = try await node.client.send(Command("CLUSTER", key: nil, "SETSLOT", "\(slot)", "NODE", nodes[0].id))
        }
    }
}
#endif
