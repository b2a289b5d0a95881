#if Redis
public import RESP
import SojournTestKit

/// A master and a replica that follows it.
public struct ReplicaPair: Sendable {
    /// The first master.
    public let master: RedisProcess
    /// What follows it.
    public let replica: RedisProcess
    /// Clients of the one and the other alone.
    public let clients: (master: RedisClient, replica: RedisClient)

    /// Starts both, and waits until the replica has what the master has. `settings` are lines for both.
    public init(_ settings: [String] = [], on stage: Stage) async throws {
        let settings = settings + ["repl-diskless-sync-delay 0"]
        master = try await stage.server(settings)
        replica = try await stage.server(settings + ["replicaof 127.0.0.1 \(master.port)"])
        clients = (try stage.client(master.address), try stage.client(replica.address))
        try await clients.replica.isInStep()
    }
}

extension RedisClient {
    /// Makes the server a replica of another one; what it had and the other has not is lost.
    public func follow(_ master: RedisProcess) async throws {
        _ = try await send(Command("REPLICAOF", key: nil, "127.0.0.1", "\(master.port)"))
    }

    /// Makes the server a master.
    public func followNobody() async throws { _ = try await send(Command("REPLICAOF", key: nil, "NO", "ONE")) }

    /// Waits until a replica has what its master has.
    public func isInStep() async throws {
        try await eventually("the replica is in step", within: .seconds(20)) {
            try await info("replication")["master_link_status"] == "up"
        }
    }

    /// A section of what the server says about itself, by name.
    public func info(_ section: String) async throws -> [String: String] {
        let text = try await send(Command("INFO", key: nil, section)).text ?? ""
        let pairs = text.split(whereSeparator: \.isNewline).compactMap { line -> (String, String)? in
            let parts = line.split(separator: ":", maxSplits: 1)
            return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
        }
        return Dictionary(pairs) { $1 }
    }

    /// Changes a setting of the running server.
    public func configure(_ name: String, _ value: String) async throws {
        _ = try await send(Command("CONFIG", key: nil, "SET", name, value))
    }
}
#endif
