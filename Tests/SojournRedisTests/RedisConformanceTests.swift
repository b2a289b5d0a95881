#if Redis
import RESP
import RedisTestKit
import SojournConformance
import SojournCore
import Testing

/// The suite of every backend, on every arrangement of servers. Each is started once and emptied before each check.
@Suite("RedisQueue conforms", .needsRedis) struct RedisConformanceTests {
    private static let checks = ConformanceSuite.checks + ConformanceSuite.durabilityChecks
    /// Where the servers stand cannot make a difference to the order of random calls, and they take long: once is
    /// enough there, with a seed of its own for each arrangement.
    private static func checks(seed: Int) -> [ConformanceCheck] {
        checks.filter { !$0.name.hasPrefix("random calls") || $0.name.contains("seed \(seed):") }
    }

    @Test func onOneServer() async throws {
        try await withStage { stage in
            let server = try await stage.server()
            try await conforms(stage, server.address, Self.checks) { _ = try await $0.send(Command("FLUSHALL")) }
        }
    }

    @Test func throughTLSWithAPassword() async throws {
        try await withStage { stage in
            let (_, address) = try await stage.secureServer()
            try await conforms(stage, address, Self.checks(seed: 1)) { _ = try await $0.send(Command("FLUSHALL")) }
        }
    }

    @Test func throughSentinel() async throws {
        try await withStage { stage in
            let address = try await SentinelSet(on: stage).address()
            try await conforms(stage, address, Self.checks(seed: 2)) { _ = try await $0.send(Command("FLUSHALL")) }
        }
    }

    @Test func onACluster() async throws {
        try await withStage { stage in
            // Patient: a busy machine must not make the nodes believe that one of them is gone.
            let cluster = try await RedisCluster(on: stage, nodeTimeout: 10_000)
            try await conforms(stage, cluster.address, Self.checks(seed: 3)) { _ in try await cluster.flush() }
            for node in cluster.nodes {
                // Otherwise this was not about a cluster.
                #expect(try await node.client.info("commandstats")["cmdstat_evalsha"] != nil)
            }
        }
    }

    private func conforms(
        _ stage: Stage, _ address: RedisAddress, _ checks: [ConformanceCheck],
        empty: (RedisClient) async throws -> Void
    ) async throws {
        #expect(checks.contains { $0.name.hasPrefix("random calls") })
        let client = try stage.client(address)
        for check in checks {
            try await empty(client)
            do {
                try await check.run(on: try stage.subject(on: address))
            } catch {
                Issue.record(error, "\(check)")
            }
        }
    }
}
#endif
