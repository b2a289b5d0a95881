import SojournConfiguration
import Testing

@Suite struct CrossCheckTests {
    @Test(arguments: ["127.0.0.1", "127.1.2.3", "::1", "localhost", "LOCALHOST"])
    func loopbackNeedsNoKey(host: String) {
        #expect(problems(flags: ["host": host]).isEmpty)
    }

    @Test(arguments: [
        "0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "127.1", "127.0.0.256", "127.0.0.1.example.com", "localhost.example",
        "1270.0.0.1", "::ffff:127.0.0.1", "tasks.internal",
    ])
    func anyOtherHostNeedsAKey(host: String) {
        let expected =
            "--host \(host): other machines could reach the server at \(host) without an API key; set server.api_keys "
            + "(or SOJOURN_API_KEYS), or listen on 127.0.0.1"
        #expect(problems(flags: ["host": host]) == [expected])
        let proxy = ["SOJOURN_BEHIND_PROXY": "true"]
        #expect(
            problems(flags: ["host": host], environment: proxy.merging(["SOJOURN_API_KEYS": canary]) { $1 }).isEmpty)
        #expect(problems("server: { api_keys: [\(canary)] }", flags: ["host": host], environment: proxy).isEmpty)
        let bare = problems("server: { api_keys: [\(canary)] }", flags: ["host": host])
        #expect(bare.count == 1 && bare[0].hasPrefix("--host \(host): ") && bare[0].contains("without TLS"))
        #expect(problems("server: { api_keys: [] }", flags: ["host": host]).count == 1)
    }

    @Test func theSourceOfTheHostIsNamed() {
        #expect(problems(environment: ["SOJOURN_HOST": "::"])[0].hasPrefix("SOJOURN_HOST=::: other machines"))
        #expect(problems("\nserver:\n  host: '::'")[0].hasPrefix("sojourn.yaml:3: other machines"))
    }

    @Test func clientsDoNotListen() {
        #expect(problems("server: { host: 0.0.0.0 }", for: .client).isEmpty)
    }

    /// One mistake, one message: a key that is too short is not also a missing key.
    @Test func aBadKeyIsNotReportedTwice() {
        #expect(problems("server: { host: 0.0.0.0, api_keys: [short] }").count == 1)
        #expect(problems("server: { host: 0.0.0.0, apikeys: [\(canary)] }").count == 1)
    }

    @Test(arguments: [
        (
            "retry: { base_ms: 5000, max_ms: 1000 }",
            "sojourn.yaml:1: retry.base_ms is 5000, which is more than retry.max_ms, 1000"
        ),
        ("retry: { base_ms: 60000 }", "sojourn.yaml:1: retry.base_ms is 60000, which is more than retry.max_ms, 30000"),
        ("retry: { max_ms: 100 }", "sojourn.yaml:1: retry.base_ms is 500, which is more than retry.max_ms, 100"),
        (
            "redis: { pool_size: 2, min_idle: 3 }",
            "sojourn.yaml:1: redis.min_idle is 3, which is more than redis.pool_size, 2"
        ),
        (
            "queues:\n  a.b:\n    max_workers: 2\n    min_workers: 3",
            "sojourn.yaml:4: queues.a.b.min_workers is 3, which is more than queues.a.b.max_workers, 2"
        ),
        (
            "queues:\n  q: { min_workers: 60 }",
            "sojourn.yaml:2: queues.q.min_workers is 60, which is more than queues.q.max_workers, 50"
        ),
        (
            "queues:\n  q:\n    overflow: demote",
            "sojourn.yaml:3: queues.q.overflow is demote, which needs sla_seconds in the same queue"
        ),
        ("handlers:\n  a:", "sojourn.yaml:2: handlers.a must have exactly one of http and exec; it has neither"),
        (
            "handlers:\n  a: { http: { url: \"http://a\" }, exec: { command: [/bin/true] } }",
            "sojourn.yaml:2: handlers.a must have exactly one of http and exec; it has both"
        ),
        (
            "handlers:\n  a: { exec: { command: [/bin/true] }, breaker: { cooldown: 5s } }",
            "sojourn.yaml:2: handlers.a.breaker.cooldown needs failures in the same breaker"
        ),
    ])
    func rulesAboutTwoSettings(yaml: String, expected: String) {
        #expect(problems(yaml) == [expected])
    }

    @Test func rulesHoldAcrossSources() {
        let found = problems("retry: { max_ms: 1000 }", environment: ["RETRY_BASE_MS": "2000"])
        #expect(found == ["RETRY_BASE_MS=2000: retry.base_ms is 2000, which is more than retry.max_ms, 1000"])
    }

    @Test func aTypingErrorCausesNoFollowUp() {
        #expect(problems("queues: { q: { min_workers: 60, max_worker: 100 } }").count == 1)
        #expect(problems("queues: { q: { min_workers: 60, max_workers: many } }").count == 1)
        #expect(problems("queues: { q: { overflow: reject, sla_seconds: soon } }").count == 1)
        #expect(problems("handlers: { a: { execute: { command: [/bin/true] } } }").count == 1)
    }

    private static let redis = "redis://localhost"
    private static let server = "http://localhost:1"

    /// Flags are better than the environment, that is better than the file; the server wins a tie.
    @Test(
        arguments: [
            (nil, [:], [:], false),
            ("redis: { url: \(redis) }", [:], [:], true),
            ("redis: { url: \(redis) }\nclient: { server: \(server) }", [:], [:], false),
            ("client: { server: \(server) }", ["REDIS_ADDR": redis], [:], true),
            ("redis: { url: \(redis) }", ["SOJOURN_SERVER": server], [:], false),
            (nil, ["REDIS_ADDR": redis], [:], true),
            (nil, ["REDIS_ADDR": redis, "SOJOURN_SERVER": server], [:], false),
            (nil, ["REDIS_ADDR": redis], ["server": server], false),
            (nil, ["SOJOURN_SERVER": server], ["redis": redis], true),
        ] as [(String?, [String: String], [String: String], Bool)])
    func theBetterSourceSaysWhomToAsk(
        yaml: String?, environment: [String: String], flags: [String: String], isDirect: Bool
    ) throws {
        let settings = try settings(yaml, flags: flags, environment: environment, for: .client)
        #expect(settings.client.isDirect == isDirect)
    }

    @Test func aServerAndRedisOnOneCommandLineAreTooMuch() {
        #expect(
            problems(flags: ["server": Self.server, "redis": Self.redis], for: .client)
                == ["--server \(Self.server): a server cannot stand next to --redis; leave one of them out"])
    }
}
