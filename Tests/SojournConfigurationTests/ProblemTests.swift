import SojournConfiguration
import Testing

@Suite struct ProblemTests {
    /// Each file has one problem, and the message is the whole contract.
    @Test(arguments: [
        ("\n\nserver:\n  prot: 1", "4: server.prot is unknown; did you mean port?"),
        (
            "queues:\n  realtime:\n    sla_secnds: 1",
            "3: queues.realtime.sla_secnds is unknown; did you mean sla_seconds?"
        ),
        ("port: 1", "1: port is unknown; did you mean server.port?"),
        (
            "retry: { colour: 1 }",
            "1: retry.colour is unknown; known are base_ms, max_ms, jitter_ms, scan_interval_ms, batch_size"
        ),
        ("server:\n  port: 99999", "2: server.port is 99999; expected a whole number from 0 to 65535"),
        (
            "server:\n  port: \"80\"",
            "2: server.port is the text \"80\" in quotes; expected a whole number from 0 to 65535"
        ),
        ("server:\n  port: 8_080", "2: server.port is 8_080; expected a whole number from 0 to 65535"),
        ("server:\n  port:\n", "2: server.port has no value; expected a whole number from 0 to 65535"),
        ("server:\n  port: [1]", "2: server.port is a list; expected a whole number from 0 to 65535"),
        ("server:\n  port: {a: 1}", "2: server.port is a group; expected a whole number from 0 to 65535"),
        (
            "server:\n  host: \"a b\"",
            "2: server.host is the text \"a b\"; expected an IP address or a host name, without scheme and port"
        ),
        ("server:\n  behind_proxy: yes", "2: server.behind_proxy is yes; expected true or false"),
        (
            "log:\n  level: verbose",
            "2: log.level is verbose; expected trace, debug, info, notice, warning, error or critical"
        ),
        (
            "server: 1",
            "1: server must be a group of settings: host, port, data, api_keys, allowed_hosts, concurrency, "
                + "metrics_address, drain_seconds, behind_proxy"
        ),
        (
            "- a",
            "1: the top of the file must be a group of settings: server, autoscale, lease, reaper, metrics, retry, "
                + "retention, idempotency, log, client, redis, postgres, queues, handlers"
        ),
        ("queues:\n  - realtime", "1: queues must be a group of settings: <queue>: …"),
        (
            "server:\n  allowed_hosts: a.example",
            "2: server.allowed_hosts is a.example; expected a list of 0 to 100 items, each a host name "
                + "without scheme and port"
        ),
        (
            "server:\n  allowed_hosts:\n    - a.example\n    - a:80",
            "4: server.allowed_hosts: item 2 is a:80; expected a host name without scheme and port"
        ),
        (
            "queues:\n  a b: {}",
            "2: queues.\"a b\": expected a name of 1 to 128 characters from A-Z a-z 0-9 . _ : -"
        ),
        (
            "queues: { q: { arrival_rate: 0 } }",
            "1: queues.q.arrival_rate is 0; expected a number above 0, at most 1000000"
        ),
        (
            "queues: { q: { sla_seconds: 86401 } }",
            "1: queues.q.sla_seconds is 86401; expected a number above 0, at most 86400"
        ),
        (
            "queues: { q: { sla_percentile: 100 } }",
            "1: queues.q.sla_percentile is 100; expected a number from 50 to 99.999"
        ),
        ("queues: { q: { scale_threshold: 0 } }", "1: queues.q.scale_threshold is 0; expected a number from 0.01 to 1"),
        ("queues: { q: { overflow: drop } }", "1: queues.q.overflow is drop; expected accept, demote or reject"),
        (
            "handlers:\n  a:\n    http: { timeout: 1s }",
            "3: handlers.a.http.url is missing; expected an http or https URL without user name, password and fragment"
        ),
        (
            "handlers:\n  a:\n    http:",
            "3: handlers.a.http.url is missing; expected an http or https URL without user name, password and fragment"
        ),
        (
            "handlers:\n  a: { http: { url: \"http://u:hunter2@a\" } }",
            "2: handlers.a.http.url is not valid (the value is not shown); expected an http or https URL without user "
                + "name, password and fragment"
        ),
        (
            "handlers:\n  a: { http: { url: \"http://a\", timeout: 1d } }",
            "2: handlers.a.http.timeout is 1d; expected a duration from 100ms to 24h, such as 500ms, 10s, 2m or 1h"
        ),
        (
            "handlers:\n  a: { http: { url: \"http://a\", headers: { X: \"a\\r\\nb\" } } }",
            "2: handlers.a.http.headers.X is not valid (the value is not shown); expected a header value of at most "
                + "4096 bytes without line breaks"
        ),
        (
            "handlers:\n  a: { exec: { command: [convert] } }",
            "2: handlers.a.exec.command: item 1 is convert; expected an absolute path"
        ),
        (
            "handlers:\n  a: { exec: { command: [] } }",
            "2: handlers.a.exec.command has 0 items; expected a list of 1 to 256 items, each a text of at most 64 KiB "
                + "without NUL, the first an absolute path"
        ),
        (
            "handlers:\n  a: { exec: { command: /bin/true } }",
            "2: handlers.a.exec.command is /bin/true; expected a list of 1 to 256 items, each a text of at most 64 KiB "
                + "without NUL, the first an absolute path"
        ),
        (
            "handlers:\n  a: { exec: { command: [/bin/true], max_output_bytes: 1048577 } }",
            "2: handlers.a.exec.max_output_bytes is 1048577; expected a whole number from 0 to 1048576"
        ),
        ("handlers:\n  a: { htpp: {} }", "2: handlers.a.htpp is unknown; did you mean http?"),
        (
            "handlers:\n  a: { exec: { command: [/bin/true] }, breaker: { failures: 0 } }",
            "2: handlers.a.breaker.failures is 0; expected a whole number from 1 to 1000"
        ),
    ])
    func oneProblemOneSentence(yaml: String, expected: String) {
        #expect(problems(yaml) == ["sojourn.yaml:\(expected)"])
    }

    @Test(arguments: [
        (["WORKER_POOL": "abc"], "WORKER_POOL=abc: expected a whole number from 0 to 10000"),
        (["WORKER_POOL": "10001"], "WORKER_POOL=10001: expected a whole number from 0 to 10000"),
        (["LOG_FORMAT": "xml"], "LOG_FORMAT=xml: expected auto, text or json"),
        (["SOJOURN_PROT": "1"], "SOJOURN_PROT: this variable is unknown; did you mean SOJOURN_PORT?"),
        (["SOJOURN_COMPLETELY_ELSE": "1"], "SOJOURN_COMPLETELY_ELSE: this variable is unknown"),
        (["METRICS_ADDR": "2112"], "METRICS_ADDR=2112: expected host:port or :port, with a port from 0 to 65535"),
        (
            ["SOJOURN_HOST": "a\nFATAL"],
            "SOJOURN_HOST=a\\u{a}FATAL: expected an IP address or a host name, without scheme and port"
        ),
    ])
    func badVariables(environment: [String: String], expected: String) {
        #expect(problems(environment: environment) == [expected])
    }

    @Test("what Kubernetes says of its services is not taken for settings")
    func servicesOfKubernetes() {
        let services = [
            "SOJOURN_SERVICE_HOST": "10.0.0.7", "SOJOURN_SERVICE_PORT_HTTP": "80", "SOJOURN_PORT": "tcp://10.0.0.7:80",
            "SOJOURN_PORT_80_TCP_ADDR": "10.0.0.7", "SOJOURN_REDIS_SERVICE_HOST": "10.0.0.8",
            "SOJOURN_REDIS_PORT": "tcp://10.0.0.8:6379", "SOJOURN_REDIS_PORT_6379_TCP": "tcp://10.0.0.8:6379",
        ]
        #expect(problems(environment: services).isEmpty)
        #expect(problems(environment: services.merging(["SOJOURN_PORT": "80x"]) { $1 }).count == 1)
        #expect(problems(environment: ["SOJOURN_PORT": "tcp://10.0.0.7:80"]).count == 1)
        #expect(problems(environment: services.merging(["SOJOURN_PROT": "1"]) { $1 }).count == 1)
    }

    @Test(arguments: [
        (["port": "99999"], "--port 99999: expected a whole number from 0 to 65535"),
        (["concurrency": "-1"], "--concurrency -1: expected a whole number from 0 to 10000"),
        (["data": ""], "--data \"\": expected a path of 1 to 4096 bytes"),
        (["prot": "1"], "--prot: this flag is unknown; did you mean --port?"),
        (
            ["redis": "nowhere"],
            "--redis: expected host:port, or a redis://, rediss://, unix://, redis+sentinel:// or redis+cluster:// URL"
        ),
    ])
    func badFlags(flags: [String: String], expected: String) {
        #expect(problems(flags: flags) == [expected])
    }

    @Test func otherPeoplesVariablesAreIgnored() {
        #expect(problems(environment: ["PATH": "/bin", "PORT": "x", "CONFIG": "y", "sojourn_port": "z"]).isEmpty)
    }

    @Test func aVariableOfAHandlerMayStartLikeOurs() {
        let yaml = "handlers: { a: { http: { url: \"http://a\", secret_env: SOJOURN_MAIL_SECRET } } }"
        #expect(problems(yaml, environment: ["SOJOURN_MAIL_SECRET": "x"]).isEmpty)
        #expect(problems(environment: ["SOJOURN_MAIL_SECRET": "x"]).count == 1)
    }

    @Test func allProblemsAreReportedInOrder() {
        let found = problems(
            """
            server:
              port: -1
              bogus_key: 1
            queues:
              a: { min_workers: 9, max_workers: 3 }
              b: { max_retries: many, overflow: reject }
            handlers:
              c: {}
            """, flags: ["port": "x"], environment: ["SOJOURN_DATA": "\u{0}", "SOJOURN_NOPE_NOPE": "1"])
        #expect(
            found.map { $0.split(separator: ":").prefix(2).joined(separator: ":") } == [
                "--port x: expected a whole number from 0 to 65535",
                "SOJOURN_DATA=\\u{0}: expected a path of 1 to 4096 bytes",
                "SOJOURN_NOPE_NOPE: this variable is unknown", "sojourn.yaml:2", "sojourn.yaml:3", "sojourn.yaml:5",
                "sojourn.yaml:6", "sojourn.yaml:6", "sojourn.yaml:8",
            ])
    }

    @Test func theDescriptionHasOneLinePerProblem() {
        let error = #expect(throws: ConfigurationError.self) { try settings("a: 1\nb: 2") }
        #expect(error?.description.split(separator: "\n").count == 2)
    }

    @Test func longValuesAreCutAndControlCharactersEscaped() {
        let yaml = "log: { level: \"\\e[31m\(String(repeating: "x", count: 500))\" }"
        let message = problems(yaml).joined()
        #expect(message.contains("\\u{1b}[31mxxx") && message.contains("…") && message.count < 250)
        #expect(!message.unicodeScalars.contains("\u{1b}"))
    }
}
