#if Redis
import Logging
import RedisTestKit
import SojournCore
@testable import SojournRedis
import Testing

@Suite("What is found at a server") struct RedisCheckTests {
    /// What goes wrong here goes wrong on purpose.
    private var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }

    static let settings: [([String], [String])] = [
        (["appendonly yes"], []),
        ([], ["Tasks do not survive a restart of Redis"]),
        (["save 3600 1"], ["it writes its data only now and then (save 3600 1)"]),
        (["appendonly yes", "maxmemory-policy allkeys-lru"], ["maxmemory-policy is allkeys-lru"]),
        (
            ["maxmemory-policy volatile-ttl"],
            ["maxmemory-policy is volatile-ttl", "Tasks do not survive a restart of Redis"]
        ),
        // Where CONFIG does not exist, INFO tells most of it.
        (["appendonly yes", "rename-command CONFIG \"\""], []),
        (["maxmemory-policy allkeys-lfu", "appendonly yes", "rename-command CONFIG \"\""], ["is allkeys-lfu"]),
        (["rename-command CONFIG \"\""], ["Tasks may not survive a restart of Redis"]),
        (
            ["rename-command CONFIG \"\"", "rename-command INFO \"\""],
            ["The version of Redis could not", "whether Redis drops keys", "whether tasks survive a restart"]
        ),
    ]

    @Test(.needsRedis, arguments: settings) func isFound(settings: [String], expected: [String]) async throws {
        try await withOneServer(settings) { stage in
            let findings = try await stage.stage.queue(on: stage.server.address).inspect()
            #expect(findings.count == expected.count, "\(findings)")
            for (finding, text) in zip(findings, expected) {
                #expect(finding.what.contains(text))
                #expect(finding.remedy.hasSuffix(".") && finding.description.contains(finding.remedy))
            }
        }
    }

    @Test(.needsRedis) func aUserWhoMayNotAskIsNoObstacle() async throws {
        try await withOneServer(["user default on nopass ~* &* +@all -config -info -ping"]) { stage in
            let findings = try await stage.stage.queue(on: stage.server.address).inspect()
            #expect(findings.count == 3, "\(findings)")
        }
    }

    @Test(
        .needsRedis,
        arguments: [
            (nil, "asks for a password, and none was given."), ("falsch", "does not accept the user or the password."),
        ])
    func whoIsNotLetInIsTold(password: String?, sentence: String) async throws {
        try await withOneServer(["requirepass geheim"]) { stage in
            let connection = try RedisConnection(
                "127.0.0.1:\(stage.server.port)", password: password, logger: quiet)
            let error = await #expect(throws: BackendError.self) { try await connection.queue.inspect() }
            #expect(error?.code == .rejected)
            #expect(error?.message == "Redis at redis://127.0.0.1:\(stage.server.port) \(sentence)")
            await connection.close()
        }
    }

    @Test(.needsRedis) func theRightPasswordLetsIn() async throws {
        try await withOneServer(["requirepass geheim", "appendonly yes"]) { stage in
            for (login, password) in [("", "geheim"), (":geheim@", nil), (":geheim@", "falsch")] {
                let connection = try RedisConnection(
                    "redis://\(login)127.0.0.1:\(stage.server.port)", password: password)
                #expect(try await connection.queue.inspect().isEmpty)
                #expect(!connection.place.contains("geheim"))
                await connection.close()
            }
        }
    }

    @Test func nobodyListens() async throws {
        let connection = try RedisConnection("127.0.0.1:1", logger: quiet)
        let error = await #expect(throws: BackendError.self) {
            try await connection.queue.inspect(within: .milliseconds(50))
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.hasPrefix("Redis at redis://127.0.0.1:1 cannot be reached: ") == true)
        await connection.close()
    }

    @Test(arguments: ["http://a", "redis://:geheim@a/geheim", "redis://"])
    func anAddressThatIsNoneIsRefused(address: String) {
        let error = #expect(throws: BackendError.self) { try RedisConnection(address) }
        #expect(error?.code == .rejected && error?.message.contains("geheim") == false)
    }

    @Test(arguments: [
        ("6.2.0", nil), ("6.2.14", nil), ("7.0.15", nil), ("10.0.0", nil), ("255.255.255", nil), ("6.1.9", "6.1.9"),
        ("6.0.16", "6.0.16"), ("5.0.7", "5.0.7"), ("2.8", "2.8"), ("unstable", nil), ("", nil), ("6", nil),
    ])
    func oldVersionsAreRefused(version: String, outdated: String?) {
        var check = RedisCheck()
        check.version = version
        #expect(check.outdatedVersion == outdated)
    }

    @Test(arguments: [("6.2.0", false), ("unstable", true), ("6.x.1", true), (nil, true)])
    func aVersionThatNobodyKnowsIsFound(version: String?, isFound: Bool) {
        var check = RedisCheck()
        (check.version, check.evictionPolicy, check.appendOnly) = (version, "noeviction", "yes")
        #expect(check.findings.count == (isFound ? 1 : 0))
    }
}
#endif
