#if Redis
public import RESP
import SojournTestKit

/// A cluster of three nodes that share the slots evenly.
public struct RedisCluster: Sendable {
    /// One node.
    public struct Node: Sendable {
        /// Its server.
        public let process: RedisProcess
        /// A client of this node alone.
        public let client: RedisClient
        /// The name by which the others know it.
        public let id: String
    }

    /// The slot of the key `foo`; the last node has it at first.
    public static let slotOfFoo = 12_182
    /// The three masters; the first has the lowest slots.
    public let nodes: [Node]

    /// The address of the cluster, found through its first node.
    public var address: RedisAddress { RedisAddress(.cluster([nodes[0].process.endpoint])) }

    /// Starts a cluster and waits until it is whole.
    ///
    /// - Parameter nodeTimeout: After how many milliseconds of silence the others take a node to be gone.
    public init(on stage: Stage, nodeTimeout: Int = 1_000) async throws {
        var nodes: [Node] = []
        for index in 0..<3 {
            let node = try await Self.node(on: stage, nodeTimeout)
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
            try await eventually("the cluster is whole", within: .seconds(20)) {
                let info = try await node.client.send(Command("CLUSTER", key: nil, "INFO")).text ?? ""
                let slots = try await node.client.send(Command("CLUSTER", key: nil, "SLOTS")).elements ?? []
                return info.contains("cluster_state:ok") && slots.count == 3
            }
        }
    }

    private static func node(on stage: Stage, _ timeout: Int) async throws -> Node {
        let process = try await stage.server([
            "cluster-enabled yes", "cluster-port \(try FreePort.next())", "cluster-node-timeout \(timeout)",
            // A replica without an offset is not listed, and the first ping of its master gives it one.
            "repl-diskless-sync-delay 0", "repl-ping-replica-period 1",
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

    /// Forgets all data of all nodes.
    public func flush() async throws {
        for node in nodes { _ = try await node.client.send(Command("FLUSHALL")) }
    }

    /// Another node that follows the one at `index`, and has what that has.
    public func addReplica(of index: Int, on stage: Stage, nodeTimeout: Int = 1_000) async throws -> Node {
        let replica = try await Self.node(on: stage, nodeTimeout)
        // All of them: word of mouth takes seconds.
        for node in nodes { try await Self.meet(node, replica) }
        try await eventually("the replica knows its master", within: .seconds(20)) {
            (try? await replica.client.send(Command("CLUSTER", key: nil, "REPLICATE", nodes[index].id))) != nil
        }
        for node in nodes {
            try await eventually("all know the replica", within: .seconds(20)) {
                let slots = try await node.client.send(Command("CLUSTER", key: nil, "SLOTS")).elements ?? []
                return slots.contains { $0.elements?.count == 4 }
            }
        }
        try await replica.client.isInStep()
        return replica
    }

    /// Moves the slot of `key`, with everything in it, from the node that has it to the next one, while others use it.
    public func moveSlot(of key: String) async throws {
        let slot = "\(try await nodes[0].client.send(Command("CLUSTER", key: nil, "KEYSLOT", key)).integer ?? 0)"
        let source = try await owner(of: slot)
        let target = nodes[((nodes.firstIndex { $0.id == source.id } ?? 0) + 1) % nodes.count]
        _ = try await target.client.send(Command("CLUSTER", key: nil, "SETSLOT", slot, "IMPORTING", source.id))
        _ = try await source.client.send(Command("CLUSTER", key: nil, "SETSLOT", slot, "MIGRATING", target.id))
        while true {
            let keys = try await source.client.send(Command("CLUSTER", key: nil, "GETKEYSINSLOT", slot, "10"))
            guard let names = keys.elements?.compactMap(\.text), !names.isEmpty else { break }
            var move = Command(
                "MIGRATE", key: nil, "127.0.0.1", "\(target.process.port)", "", "0", "5000", "KEYS")
            for name in names { move.append(name) }
            _ = try await source.client.send(move)
        }
        for node in [target, source] + nodes.filter({ $0.id != target.id && $0.id != source.id }) {
            _ = try await node.client.send(Command("CLUSTER", key: nil, "SETSLOT", slot, "NODE", target.id))
        }
    }

    private func owner(of slot: String) async throws -> Node {
        for node in nodes {
            let counted = try await node.client.send(Command("CLUSTER", key: nil, "NODES")).text ?? ""
            let mine = counted.split(separator: "\n").first { $0.contains("myself") } ?? ""
            let ranges = mine.split(separator: " ").dropFirst(8).map { $0.split(separator: "-").compactMap { Int($0) } }
            guard let number = Int(slot) else { break }
            if ranges.contains(where: { $0.first.map { $0 <= number } == true && $0.last.map { $0 >= number } == true })
            {
                return node
            }
        }
        throw RedisTestError("no node has slot \(slot)")
    }

    /// Begins to move a slot from the last node to the first.
    public func beginMoving(_ slot: Int) async throws {
        _ = try await nodes[0].client.send(Command("CLUSTER", key: nil, "SETSLOT", "\(slot)", "IMPORTING", nodes[2].id))
        _ = try await nodes[2].client.send(Command("CLUSTER", key: nil, "SETSLOT", "\(slot)", "MIGRATING", nodes[0].id))
    }

    /// Moves the keys of a slot after it, and tells everybody where they live now.
    public func finishMoving(_ slot: Int, keys: [String]) async throws {
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
