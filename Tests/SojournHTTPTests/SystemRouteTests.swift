#if HTTP
import Logging
import ServiceLifecycle
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

    @Test func aServerThatStopsIsNotReady() async throws {
        let stopping = OneShot()
        try await TestServer.with(configure: { $0.isStopping = { stopping.hasHappened } }) { server in
            #expect(try await server.get("/readyz").status == 200)
            stopping.fire()
            let ready = try await server.get("/readyz")
            #expect(ready.status == 503)
            #expect(try Problem(bytes: ready.body).detail == "The server is about to stop.")
            #expect(try await server.get("/healthz").status == 200)
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
                try await server.get("/tasks"),
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

    /// The page must come without a key, since it is the page that asks for it; what it shows does not.
    @Test func theDashboardIsOpenAndWhatItShowsIsNot() async throws {
        try await TestServer.with {
            $0.apiKeys = ["k"]
        } _: { server in
            let page = try await server.get("/")
            #expect(page.status == 200 && page.header("content-type") == "text/html; charset=utf-8")
            let policy = try #require(page.header("content-security-policy"))
            #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            let parts = page.text.matches(of: /(?:href|src)="(\/[^"]+)"/).map { String($0.output.1) }
            #expect(parts.contains("/dashboard.js") && parts.contains("/dashboard.css"))
            for part in parts {
                let status = try await server.get(part).status
                #expect(status == 200, "\(part)")
            }
            for path in ["/queues", "/events", "/tasks", "/metrics", "/openapi.json"] {
                let status = try await server.get(path).status
                #expect(status == 401, "\(path)")
            }
        }
    }

    @Test func metricsAreThoseOfTheProcess() async throws {
        try await TestServer.with { configuration in
            configuration.metrics = { accept in ("text/x", Array("accepts \(accept ?? "nothing")\n".utf8)) }
        } _: { server in
            let reply = try await server.get("/metrics", headers: [("Accept", "some")])
            #expect(reply.header("content-type") == "text/x" && reply.text == "accepts some\n")
        }
    }

    @Test func metricsHaveAListenerOfTheirOwn() async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let listener = MetricsServer(
            host: "127.0.0.1", port: 0, logger: logger, metrics: { _ in ("text/plain", Array("m 1\n".utf8)) },
            onListening: { port.yield($0) })
        let services = ServiceGroup(services: [listener], logger: logger)
        try await TestServer.with { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await services.run() }
                let found = try #require(await ports.first { _ in true })
                let other = TestServer(queue: server.queue, port: found, services: services)
                let foreign = try await other.get("/metrics", headers: [("Host", "page.example")])
                #expect(foreign.status == 403, "a name that somebody made point here")
                let reply = try await other.get("/metrics")
                #expect(reply.status == 200 && reply.text == "m 1\n")
                for path in ["/", "/queues", "/tasks"] {
                    let status = try await other.get(path).status
                    #expect(status == 404, "nothing else is there")
                }
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
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
