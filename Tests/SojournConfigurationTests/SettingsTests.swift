import Testing

@testable import SojournConfiguration

@Suite struct SettingsTests {
    @Test func nothingGivenMeansTheDefaults() throws {
        let settings = try settings()
        #expect(settings.server.host == "127.0.0.1")
        #expect(settings.server.port == 8080)
        #expect(settings.server.dataDirectory == "./sojourn-data")
        #expect(settings.server.apiKeys.isEmpty && settings.server.allowedHosts.isEmpty)
        #expect(settings.server.concurrency == 12)
        #expect(settings.server.metricsAddress == nil)
        #expect(settings.server.drain == .seconds(30))
        #expect(!settings.server.isBehindProxy)
        #expect(settings.lease.timeout == .seconds(60))
        #expect(settings.reaper == .init(scanInterval: .seconds(2), batchSize: 100))
        #expect(settings.metricsSampleInterval == .milliseconds(500))
        #expect(settings.retry.base == .milliseconds(500) && settings.retry.max == .seconds(30))
        #expect(settings.retry.jitter == .milliseconds(500) && settings.retry.scanInterval == .milliseconds(500))
        #expect(settings.retry.batchSize == 100)
        #expect(settings.retention.finished == .seconds(72 * 3_600) && settings.retention.dead == nil)
        #expect(settings.idempotencyWindow == .seconds(86_400))
        #expect(settings.log == .init(level: .info, format: .auto))
        #expect(settings.client.server == "http://127.0.0.1:8080" && settings.client.apiKey == nil)
        #expect(settings.redis == .init(url: nil, password: nil, poolSize: nil, minIdle: nil))
        #expect(settings.postgres == .init(url: nil, maxConnections: 20, isPooled: false, directURL: nil))
        #expect(settings.queues.isEmpty && settings.handlers.isEmpty)
    }

    @Test func aFullFileSetsTheServer() throws {
        let settings = try settings(fullYAML)
        #expect(settings.server.port == 9090 && settings.server.dataDirectory == "/var/lib/sojourn")
        #expect(settings.server.apiKeys.map(\.value) == [canary, "sj_test_2_abcdefghijklmnopqrstuvwxyz"])
        #expect(settings.server.allowedHosts == ["tasks.internal", "tasks.example.com"])
        #expect(settings.server.concurrency == 24)
        #expect(settings.server.metricsAddress?.host == "0.0.0.0" && settings.server.metricsAddress?.port == 2112)
        #expect(settings.server.drain == .seconds(45) && settings.server.isBehindProxy)
        #expect(settings.lease.timeout == .seconds(30))
        #expect(settings.reaper == .init(scanInterval: .seconds(1), batchSize: 50))
        #expect(settings.metricsSampleInterval == .milliseconds(250))
        #expect(settings.retry.base == .milliseconds(100) && settings.retry.max == .seconds(10))
        #expect(settings.retry.jitter == .zero && settings.retry.scanInterval == .milliseconds(200))
        #expect(settings.retry.batchSize == 10)
        #expect(settings.retention.finished == .seconds(86_400) && settings.retention.dead == .seconds(720 * 3_600))
        #expect(settings.idempotencyWindow == .seconds(48 * 3_600))
        #expect(settings.log == .init(level: .debug, format: .json))
        #expect(settings.client.server == "https://tasks.internal:8443" && settings.client.apiKey?.value == canary)
        #expect(settings.redis.url?.value == "redis://:hunter2@redis.internal:6379/0")
        #expect(settings.redis.password?.value == "hunter2")
        #expect(settings.redis.poolSize == 8 && settings.redis.minIdle == 2)
        #expect(settings.postgres.url?.value == "postgres://sojourn:hunter2@db.internal/sojourn")
        #expect(settings.postgres.maxConnections == 5)
    }

    @Test func aFullFileSetsTheQueues() throws {
        let queues = try settings(fullYAML).queues
        #expect(queues.keys.sorted() == ["bulk:night.1", "default", "realtime"])
        let realtime = try #require(queues["realtime"])
        #expect(realtime.arrivalRate == 20 && realtime.sla == .milliseconds(500) && realtime.slaPercentile == 99.9)
        #expect(realtime.tasksPerWorker == 4 && realtime.scaleThreshold == 0.8 && realtime.maxRetries == 2)
        #expect(realtime.timeout == .seconds(90) && queues["default"]?.timeout == nil)
        #expect(realtime.minWorkers == 2 && realtime.maxWorkers == 40 && realtime.overflow == .reject)
        #expect(queues["bulk:night.1"]?.maxRetries == 9)
        let preset = try #require(queues["default"])
        #expect(preset.arrivalRate == nil && preset.sla == nil && preset.slaPercentile == 99)
        #expect(preset.tasksPerWorker == 5 && preset.scaleThreshold == 0.7 && preset.maxRetries == 3)
        #expect(preset.minWorkers == 1 && preset.maxWorkers == 50 && preset.overflow == .accept)
    }

    @Test func aFullFileSetsTheHandlers() throws {
        let handlers = try settings(fullYAML).handlers
        #expect(handlers.keys.sorted() == ["email.send", "thumbnail"])
        let email = try #require(handlers["email.send"])
        guard case .http(let http) = email.action else {
            Issue.record("email.send is not http")
            return
        }
        #expect(http.url.value == "https://mail.internal/send?token=hunter2")
        #expect(http.timeout == .seconds(10) && http.secretVariable == "SOJOURN_MAIL_SECRET")
        #expect(http.headers.mapValues(\.value) == ["X-Team": "platform", "Authorization": "Bearer hunter2"])
        #expect(http.allowsPrivateAddresses)
        #expect(email.maxRetries == 7 && email.breaker == .init(failures: 5, cooldown: .seconds(60)))
        let thumbnail = try #require(handlers["thumbnail"])
        guard case .exec(let exec) = thumbnail.action else {
            Issue.record("thumbnail is not exec")
            return
        }
        #expect(exec.command == ["/usr/bin/convert", "-", "-resize", "200x200", "png:-"])
        #expect(exec.timeout == .milliseconds(1_500) && exec.directory == "/tmp" && exec.maxOutputBytes == 1024)
        #expect(exec.environment.mapValues(\.value) == ["LANG": "C.UTF-8", "EMPTY": ""])
        #expect(thumbnail.maxRetries == nil && thumbnail.breaker == nil)
    }

    @Test func aHandlerHasDefaults() throws {
        let handlers = try settings(
            """
            handlers:
              a: { http: { url: "http://hooks.internal" } }
              b: { exec: { command: [/bin/true] }, breaker: { failures: 3 } }
            """
        ).handlers
        guard case .http(let http) = handlers["a"]?.action, case .exec(let exec) = handlers["b"]?.action else {
            Issue.record("wrong actions")
            return
        }
        #expect(http.timeout == .seconds(30) && http.secretVariable == nil && http.headers.isEmpty)
        #expect(!http.allowsPrivateAddresses)
        #expect(exec.timeout == .seconds(30) && exec.directory == nil && exec.environment.isEmpty)
        #expect(exec.maxOutputBytes == 65_536)
        #expect(handlers["b"]?.breaker == .init(failures: 3, cooldown: .seconds(30)))
    }

    @Test(arguments: [
        "", "\n\n", "# only a comment\n", "---\n", "{}", "server:\nqueues:\nhandlers:\n", "~", "\u{FEFF}",
    ])
    func anEmptyFileIsFine(yaml: String) throws {
        #expect(try settings(yaml).server.port == 8080)
    }
}

@Suite struct PrecedenceTests {
    static let yaml = "server: { port: 1000, concurrency: 10 }\nlog: { level: error }"

    @Test func flagsWinOverVariablesOverTheFileOverDefaults() throws {
        let environment = ["SOJOURN_PORT": "2000", "LOG_LEVEL": "debug"]
        let settings = try settings(Self.yaml, flags: ["port": "3000"], environment: environment)
        #expect(settings.server.port == 3000)
        #expect(settings.log.level == .debug)
        #expect(settings.server.concurrency == 10)
        #expect(settings.server.host == "127.0.0.1")
        #expect(try SojournConfigurationTests.settings(Self.yaml, environment: environment).server.port == 2000)
        #expect(try SojournConfigurationTests.settings(Self.yaml).server.port == 1000)
    }

    @Test func theListingSaysWhereEachValueCameFrom() throws {
        let masked = try settings(Self.yaml, flags: ["port": "3000"], environment: ["LOG_LEVEL": "debug"]).masked
        #expect(masked.contains("server.port = 3000 (--port)"))
        #expect(masked.contains("log.level = debug (LOG_LEVEL)"))
        #expect(masked.contains("server.concurrency = 10 (sojourn.yaml:1)"))
        #expect(masked.contains("server.host = 127.0.0.1 (default)"))
    }

    @Test func theListingHasOnlyWhatApplies() throws {
        let masked = try settings("queues: { b: , a: }\nhandlers: { h: { exec: { command: [/bin/true] } } }").masked
        #expect(masked.filter { $0.contains(" = /bin") || $0.hasPrefix("handlers.h.") }.count == 3)
        #expect(masked.contains("handlers.h.exec.command = [/bin/true] (sojourn.yaml:2)"))
        #expect(masked.filter { $0.hasPrefix("queues.a.") }.count == 13)
        let order = masked.compactMap { $0.split(separator: ".").dropFirst().first }.filter { ["a", "b"].contains($0) }
        #expect(order == order.sorted())
    }

    /// Container tools can empty a variable, but not unset it.
    @Test func anEmptyVariableCountsAsUnset() throws {
        let environment = ["SOJOURN_PORT": "", "REDIS_PASS": "", "SOJOURN_API_KEYS": "", "SOJOURN_WHATEVER": ""]
        #expect(try settings(Self.yaml, environment: environment).server.port == 1000)
    }

    /// A bad value is reported even where a better source hides it: it would surface later, at a worse time.
    @Test func aHiddenBadValueIsReported() {
        #expect(
            problems("server: { port: 99999 }", flags: ["port": "3000"])
                == ["sojourn.yaml:1: server.port is 99999; expected a whole number from 0 to 65535"])
    }

    @Test(arguments: [
        ("SOJOURN_HOST", "::1"), ("SOJOURN_PORT", "0"), ("SOJOURN_DATA", "/data"), ("SOJOURN_API_KEYS", canary),
        ("SOJOURN_ALLOWED_HOSTS", "a.example, b.example"), ("WORKER_POOL", "0"), ("METRICS_ADDR", "[::1]:2113"),
        ("SOJOURN_DRAIN_SECONDS", "0"), ("VIS_TIMEOUT_MS", "1000"), ("REAPER_SCAN_INTERVAL_MS", "100"),
        ("REAPER_BATCH_SIZE", "10000"), ("METRICS_SAMPLE_MS", "100"), ("RETRY_BASE_MS", "1"),
        ("RETRY_MAX_MS", "86400000"), ("RETRY_JITTER_MS", "0"), ("RETRY_SCAN_INTERVAL_MS", "50"),
        ("RETRY_BATCH_SIZE", "1"), ("SOJOURN_RETENTION_HOURS", "87600"), ("LOG_LEVEL", "trace"),
        ("LOG_FORMAT", "text"), ("SOJOURN_SERVER", "http://localhost:1"), ("SOJOURN_API_KEY", canary),
        ("REDIS_ADDR", "localhost:6379"), ("REDIS_PASS", "x"), ("REDIS_POOL_SIZE", "5"), ("REDIS_MIN_IDLE", "0"),
        ("POSTGRES_URL", "postgresql://localhost/x"), ("PGPOOL_MAX_CONNS", "1"),
    ])
    func everyVariableIsRead(variable: String, value: String) throws {
        let masked = try settings(environment: [variable: value]).masked
        #expect(masked.count { $0.hasSuffix("(\(variable))") } == 1)
    }

    @Test func listsInVariablesAreSeparatedByCommas() throws {
        let settings = try settings(environment: [
            "SOJOURN_API_KEYS": " \(canary) ,\(canary)2,", "SOJOURN_ALLOWED_HOSTS": "a.example, b.example",
        ])
        #expect(settings.server.apiKeys.map(\.value) == [canary, canary + "2"])
        #expect(settings.server.allowedHosts == ["a.example", "b.example"])
    }
}
