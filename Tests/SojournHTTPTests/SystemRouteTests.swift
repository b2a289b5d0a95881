#if HTTP
import SojournCore
@testable import SojournHTTP
import SojournModel
import SojournWire
import Testing

@Suite("Routes about the server") struct SystemRouteTests {
    @Test func healthAndReadiness() async throws {
        let store = FaultyQueue()
        try await TestServer.with(store: store) { server in
            let health = try await server.get("/healthz")
            #expect(health.status == 200 && health.text == #"{"status":"ok"}"#)
            #expect(try await server.get("/readyz").status == 200)
            store.fail(with: BackendError(.unavailable, "The database is away."))
            #expect(try await server.get("/healthz").status == 200)
            let ready = try await server.get("/readyz")
            #expect(ready.status == 503)
            #expect(try Problem(bytes: ready.body).detail == "The database is away.")
        }
    }

    @Test(arguments: [
        (BackendError.Code.unavailable, 503), (.timeout, 503), (.closed, 503), (.full, 507), (.throttled, 429),
        (.rejected, 400), (.corrupted, 500),
    ])
    func failuresOfTheStore(code: BackendError.Code, status: Int) async throws {
        let store = FaultyQueue()
        try await TestServer.with(store: store) { server in
            store.fail(with: BackendError(code, "It cannot.", cause: Secret()))
            let calls = [
                try await server.post("/tasks", #"{"type":"t"}"#), try await server.post("/leases", "{}"),
                try await server.post("/leases", #"{"wait_seconds":1}"#), try await server.get("/stats"),
                try await server.get("/metrics"), try await server.get("/tasks"),
            ]
            for reply in calls {
                #expect(reply.status == status)
                #expect(reply.text.contains("It cannot.") && !reply.text.contains("hunter2"))
            }
        }
    }

    private struct Secret: Error { let password = "hunter2" }

    @Test func everyAnswerIsSafe() async throws {
        try await TestServer.with { server in
            let replies = [
                try await server.get("/"), try await server.get("/healthz"), try await server.get("/nothing"),
                try await server.post("/tasks", "{}"), try await server.post("/tasks", #"{"type":"t"}"#),
                try await server.get("/metrics"), try await server.request("PUT", "/tasks"),
            ]
            for reply in replies {
                #expect(reply.header("x-content-type-options") == "nosniff")
                #expect(reply.header("referrer-policy") == "no-referrer")
                #expect(reply.header("cache-control") == "no-store")
                #expect(reply.header("server") == nil)
                #expect(reply.header("date") != nil)
            }
        }
    }

    @Test func whatIsNotThere() async throws {
        try await TestServer.with { server in
            let nothing = try await server.get("/nothing")
            #expect(nothing.status == 404 && nothing.header("content-type") == "application/problem+json")
            for (method, path, allowed) in [
                ("PUT", "/tasks", "GET, HEAD, POST"), ("DELETE", "/tasks", "GET, HEAD, POST"),
                ("GET", "/leases", "POST"),
                ("POST", "/dead-letters", "DELETE, GET, HEAD"), ("OPTIONS", "/stats", "GET, HEAD"),
                ("PATCH", "/tasks/01979f3c-5d2a-7cc0-8a4e-0123456789ab", "GET, HEAD"),
            ] {
                let reply = try await server.request(method, path)
                #expect(reply.status == 405 && reply.header("allow") == allowed, "\(method) \(path)")
                #expect(try Problem(bytes: reply.body).detail.contains(allowed))
            }
            #expect(try await server.request("BREW", "/tasks").status == 400)
        }
    }

    @Test func headIsGetWithoutABody() async throws {
        try await TestServer.with { server in
            let get = try await server.get("/stats")
            let head = try await server.request("HEAD", "/stats")
            #expect(head.status == 200 && head.header("content-length") == String(get.body.count) && head.body.isEmpty)
        }
    }

    @Test(arguments: [("abc-1", "abc-1"), ("a b", nil), (String(repeating: "x", count: 129), nil)])
    func requestsKeepTheirID(id: String, answered: String?) async throws {
        try await TestServer.with { server in
            let reply = try await server.get("/nothing", headers: [("X-Request-Id", id)])
            #expect(reply.header("x-request-id") == answered)
        }
    }

    @Test func thePageSaysWhereThingsAre() async throws {
        try await TestServer.with { server in
            let page = try await server.get("/")
            #expect(page.status == 200 && page.header("content-type") == "text/html; charset=utf-8")
            for path in ["/openapi.json", "/metrics", "/queues", "/stats"] {
                #expect(page.text.contains("href=\"\(path)\""))
                #expect(try await server.get(path).status == 200)
            }
        }
    }

    @Test func metrics() async throws {
        try await TestServer.with { configuration in
            configuration.metricsInterval = .zero
            configuration.moreMetrics = { "acks_total 7\n" }
        } _: { server in
            for body in [#"{"type":"t","queue":"q","priority":"high"}"#, #"{"type":"t","queue":"q"}"#] {
                try await server.enqueue(body)
            }
            _ = try await server.post("/tasks/batch", #"{"tasks":[{"type":"t"},{"type":"t","idempotency_key":"k"}]}"#)
            _ = try await server.post("/tasks/batch", #"{"tasks":[{"type":"t","idempotency_key":"k"}]}"#)
            for report in [#""outcome":"failed","error":"e""#, #""outcome":"discarded","error":"e""#] {
                let delivery = try #require(try await server.claim(#"{"queues":["default"]}"#))
                _ = try await server.complete(delivery, report)
            }
            _ = try await server.claim(#"{"queues":["q"]}"#)
            let reply = try await server.get("/metrics")
            #expect(reply.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            let lines = Set(reply.text.split(separator: "\n").map(String.init))
            for line in [
                #"sla_queue_depth{queue="q"} 1"#, #"sla_queue_depth{queue="default"} 0"#,
                #"retry_set_depth{priority="default"} 1"#, #"dlq_depth{priority="default"} 1"#,
                #"dlq_depth{priority="low"} 0"#, "processing_inflight 1",
                #"tasks_enqueued_total{queue="q",priority="high"} 1"#,
                #"tasks_enqueued_total{queue="default",priority="default"} 2"#, "# TYPE queue_depth gauge",
                "# TYPE tasks_enqueued_total counter", "acks_total 7",
            ] { #expect(lines.contains(line), "\(line)") }
        }
    }

    /// However often somebody scrapes, the store is asked once per interval.
    @Test func metricsAreSampled() async throws {
        let time = ManualTime()
        let store = FaultyQueue(time: time)
        try await TestServer.with(time: time, store: store) { server in
            for reads in 1...3 {
                for _ in 0..<20 {
                    let reply = try await server.get("/metrics")
                    #expect(reply.status == 200)
                }
                #expect(store.depthReads == reads)
                time.advance(by: .milliseconds(500))
            }
        }
    }

    @Test func labelsAreEscaped() {
        var text = PrometheusText()
        text.sample("m", [("a", "x\"y\\z\nw")], 1)
        #expect(text.text == "m{a=\"x\\\"y\\\\z\\nw\"} 1\n")
    }

    @Test func labelsAreBounded() {
        let counters = EnqueueCounters()
        for number in 0..<2_000 {
            let id = TaskID(high: 1, low: UInt64(number))
            let now = Timestamp(microseconds: 0)
            let message = TaskMessage(
                id: id, type: "t", queue: QueueName(trusted: "q\(number)"), payload: [], enqueuedAt: now,
                availableAt: now)
            counters.count([NewTask(message: message)], [.inserted(id)])
        }
        let all = counters.all
        #expect(all.count == 1_001 && all.values.reduce(0, +) == 2_000)
    }

    @Test func aPortThatIsTakenIsNamed() async throws {
        try await TestServer.with { first in
            await #expect(throws: HTTPServerError.self) {
                try await TestServer.with {
                    $0.port = first.port
                } _: {
                    #expect($0.port == 0, "it must not start")
                }
            }
        }
    }
}
#endif
