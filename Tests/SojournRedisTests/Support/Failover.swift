#if Redis
import Foundation
import RESP
import RedisTestKit
import SojournTestKit
import Synchronization

/// Replicas that take over from the server of a stage, one after the other, on its port: what a failover looks like to
/// clients.
final class Failover: Sendable {
    private struct State {
        /// Who has taken over, if one has.
        var master: RedisProcess?
        var replica: RedisProcess?
    }
    private let state = Mutex(State())

    /// Runs `body`, and ends every server that it made.
    static func with(_ body: (Failover) async throws -> Void) async throws {
        let failover = Failover()
        defer { failover.end() }
        try await body(failover)
    }

    /// Gives the server of `stage` a replica that has all it has.
    func follow(_ stage: OneServer) async throws {
        let replica = try await stage.stage.server(["repl-diskless-sync-delay 0"])
        state.withLock { $0.replica = replica }
        let port = "\(stage.server.port)"
        try await command(replica, Command("REPLICAOF", key: nil, "127.0.0.1", port))
        try await eventually("the replica has a copy") {
            let info = try await command(replica, Command("INFO", key: nil, "replication")).text ?? ""
            return info.contains("master_link_status:up")
        }
    }

    /// From now on the replica hears nothing of its master, which goes on.
    func fallBehind() async throws {
        guard let replica = state.withLock({ $0.replica }) else { return }
        try await command(replica, Command("REPLICAOF", key: nil, "127.0.0.1", "1"))
    }

    /// The master dies, and the replica takes its place.
    func takeOver(_ stage: OneServer) async throws {
        let (master, replica) = state.withLock { ($0.master ?? stage.server, $0.replica) }
        guard let replica else { return }
        master.kill()
        try await command(replica, Command("REPLICAOF", key: nil, "NO", "ONE"))
        try await command(replica, Command("CONFIG", key: nil, "SET", "port", "\(stage.server.port)"))
        try await stage.server.isUp()
        state.withLock { $0 = State(master: replica) }
    }

    private func end() {
        let (master, replica) = state.withLock { ($0.master, $0.replica) }
        master?.kill()
        replica?.kill()
    }

    @discardableResult
    private func command(_ server: RedisProcess, _ command: Command) async throws -> RESPValue {
        let client = try RedisClient(server.address)
        let reply = try await client.send(command)
        await client.shutdown()
        return reply
    }
}
#endif
