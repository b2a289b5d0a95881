#if Redis
import Foundation
import RESP
import RedisTestKit
import SojournTestKit
import Testing

@Suite("Sentinel", .needsRedis) struct SentinelTests {
    private func port(_ client: RedisClient) async throws -> Int? {
        try await client.send(Command("CONFIG", key: nil, "GET", "port"))["port"]?.integer
    }

    @Test func aMasterThatDies() async throws {
        try await withStage { stage in
            let watched = try await SentinelSet(count: 1, password: "hunter2", on: stage)
            let client = try stage.client(try watched.address())
            #expect(try await port(client) == watched.servers.master.port)
            watched.servers.master.kill()
            try await eventually("the client writes to the new master") {
                (try? await client.send(Command("SET", key: "a", "1"))) == .simple("OK")
            }
            #expect(try await port(client) == watched.servers.replica.port)
        }
    }

    @Test func aMasterThatBecomesAReplica() async throws {
        try await withStage { stage in
            let watched = try await SentinelSet(count: 1, password: "hunter2", on: stage)
            let client = try stage.client(try watched.address())
            #expect(try await client.send(Command("SET", key: "a", "1")) == .simple("OK"))
            try await watched.failOver()
            try await eventually("the client writes to the new master") {
                let isWritten = (try? await client.send(Command("SET", key: "a", "2"))) == .simple("OK")
                // The sentinel ends the connections to the old master, so this may fail once more.
                let place = try? await port(client)
                return isWritten && place == watched.servers.replica.port
            }
        }
    }

    @Test func aMasterThatWasReplacedIsLeftBeforeItIsDemoted() async throws {
        try await withStage { stage in
            // The sentinel leaves the old master alone for ten seconds, and everything written there is lost.
            let watched = try await SentinelSet(count: 1, publishPeriod: 2_500, on: stage)
            let client = try stage.client(try watched.address())
            #expect(try await port(client) == watched.servers.master.port)
            let events = try await client.subscribe(to: ["a"])
            try await watched.failOver()
            try await eventually("the client writes to the new master", within: .seconds(5)) {
                try await port(client) == watched.servers.replica.port
            }
            #expect(try await watched.servers.clients.master.info("replication")["role"] == "master")
            let error = await #expect(throws: RESPError.self) { for try await _ in events {} }
            #expect(error?.kind == .readOnly)
        }
    }

    @Test func aMasterThatNobodyKnows() async throws {
        try await withStage { stage in
            let watched = try await SentinelSet(count: 1, password: "hunter2", on: stage)
            let place = watched.sentinels[0].endpoint
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
