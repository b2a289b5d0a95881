#if Redis
import Foundation
import RESP
import Testing

@Suite("Sentinel", .needsRedis) struct SentinelTests {
    /// A master, a replica that follows it, and one sentinel that has seen both.
    private struct Watched {
        let master: RedisProcess
        let replica: RedisProcess
        let sentinel: RedisProcess

        init(on stage: Stage) async throws {
            master = try await stage.server()
            let follow = ["replicaof 127.0.0.1 \(master.port)", "repl-diskless-sync-delay 0"]
            replica = try await stage.server(follow)
            sentinel = try await stage.server(
                [
                    "sentinel monitor main 127.0.0.1 \(master.port) 1", "sentinel down-after-milliseconds main 500",
                    "sentinel failover-timeout main 3000", "requirepass hunter2",
                ], isSentinel: true)
            let observer = try sentinelClient(stage)
            let follower = try stage.client(replica.address)
            try await eventually("the sentinel knows the replica, and it is in step") {
                let main = try await observer.send(Command("SENTINEL", key: nil, "MASTER", "main"))
                let info = try await follower.send(Command("INFO", key: nil, "replication")).text ?? ""
                return main["num-slaves"]?.integer == 1 && info.contains("master_link_status:up")
            }
        }

        func address(_ stage: Stage) throws -> RedisAddress {
            // The first sentinel is dead.
            let dead = RedisEndpoint.host("127.0.0.1", port: try FreePort.next())
            return try RedisAddress(
                parsing: "redis+sentinel://\(dead),\(sentinel.endpoint)/main?sentinel_password=hunter2")
        }

        func sentinelClient(_ stage: Stage) throws -> RedisClient {
            var address = sentinel.address
            address.password = "hunter2"
            return try stage.client(address)
        }
    }

    private func port(_ client: RedisClient) async throws -> Int? {
        try await client.send(Command("CONFIG", key: nil, "GET", "port"))["port"]?.integer
    }

    @Test func aMasterThatDies() async throws {
        try await withStage { stage in
            let watched = try await Watched(on: stage)
            let client = try stage.client(try watched.address(stage))
            #expect(try await port(client) == watched.master.port)
            watched.master.kill()
            try await eventually("the client writes to the new master") {
                (try? await client.send(Command("SET", key: "a", "1"))) == .simple("OK")
            }
            #expect(try await port(client) == watched.replica.port)
        }
    }

    @Test func aMasterThatBecomesAReplica() async throws {
        try await withStage { stage in
            let watched = try await Watched(on: stage)
            let client = try stage.client(try watched.address(stage))
            #expect(try await client.send(Command("SET", key: "a", "1")) == .simple("OK"))
            let sentinel = try watched.sentinelClient(stage)
            _ = try await sentinel.send(Command("SENTINEL", key: nil, "FAILOVER", "main"))
            try await eventually("the client writes to the new master") {
                let isWritten = (try? await client.send(Command("SET", key: "a", "2"))) == .simple("OK")
                // The sentinel ends the connections to the old master, so this may fail once more.
                let place = try? await port(client)
                return isWritten && place == watched.replica.port
            }
        }
    }

    @Test func aMasterThatNobodyKnows() async throws {
        try await withStage { stage in
            let watched = try await Watched(on: stage)
            let place = watched.sentinel.endpoint
            let address = "redis+sentinel://\(place)/other?sentinel_password="
            let stranger = try stage.client(try RedisAddress(parsing: address + "wrong"))
            let refused = await #expect(throws: RESPError.self) { try await stranger.send(Command("PING")) }
            #expect(refused?.kind == .authentication)
            let client = try stage.client(try RedisAddress(parsing: address + "hunter2"))
            let error = await #expect(throws: RESPError.self) {
                try await client.send(Command("PING"), timeout: .milliseconds(300))
            }
            #expect(error?.kind == .unknownHost)
            #expect(error?.message.contains("other") == true)
        }
    }
}
#endif
