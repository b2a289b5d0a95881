#if HTTP
import HTTPTypes
import Logging
import SojournCore
@testable import SojournHTTP
import SojournMemory
import SojournModel
import SojournWire
import Testing

@Suite("Who is let in") struct GuardTests {
    /// Every route there is, with parameters filled in.
    static let routes: [(method: String, path: String, isOpen: Bool)] = {
        let memory = MemoryQueue(time: SystemTime())
        let queue = LocalTaskQueue(store: memory, backend: memory)
        let desk = TaskDesk(queue: queue)
        let replays = PacedReplays(desk: desk, most: 1, logger: .init(label: "test"))
        return RouteTable(desk: desk, configuration: HTTPServerConfiguration(), replays: replays).routes.map {
            route in
            let path = route.path
                .replacing("{task_id}", with: "01979f3c-5d2a-7cc0-8a4e-0123456789ab").replacing("{name}", with: "q")
                .replacing("{replay_id}", with: "0123456789abcdef")
            return (route.method.rawValue, path, route.isOpen)
        }
    }()

    private func body(for method: String) -> String? { method == "POST" ? "{}" : nil }

    @Test func theTableHasEveryRoute() {
        let dashboard = Self.routes.filter { $0.path == "/" || $0.path.hasPrefix("/dashboard") }
        #expect(Self.routes.count - dashboard.count == 25)
        #expect(dashboard.allSatisfy { $0.method == "GET" && $0.isOpen })
        #expect(Self.routes.filter(\.isOpen).map(\.path) == ["/healthz"] + dashboard.map(\.path))
    }

    /// Every route × every kind of key: the answer to a wrong key never depends on which route or key it is.
    @Test func keys() async throws {
        let good = "sj_live_0123456789abcdef"
        let wrong: [[(String, String)]] = [
            [], [("Authorization", "Bearer")], [("Authorization", "Bearer  ")], [("Authorization", good)],
            [("Authorization", "Basic \(good)")], [("Authorization", "Bearer \(good)x")],
            [("Authorization", "Bearer \(good.dropLast())")], [("Authorization", "Bearer \(good.uppercased())")],
            [("Authorization", "Bearer x\(good.dropFirst())")],
        ]
        try await TestServer.with {
            $0.apiKeys = ["another-key", good]
        } _: { server in
            var refusals: Set<String> = []
            for (method, path, isOpen) in Self.routes + [("GET", "/nothing", false), ("PUT", "/tasks", false)] {
                for headers in wrong where !isOpen {
                    let reply = try await server.request(method, path, body(for: method), headers: headers)
                    #expect(reply.status == 401, "\(method) \(path) \(headers)")
                    refusals.insert(reply.text)
                }
                let headers = isOpen ? [] : [("Authorization", "bearer  \(good)")]
                let reply = try await server.request(method, path, body(for: method), headers: headers)
                #expect(reply.status != 401 && reply.status < 500, "\(method) \(path)")
            }
            #expect(refusals.count == 1)
        }
    }

    @Test(arguments: [
        ("localhost", 200), ("LOCALHOST:80", 200), ("127.0.0.1", 200), ("127.0.0.1:65535", 200), ("[::1]", 200),
        ("[::1]:8080", 200), ("queue.example.com", 200), ("queue.example.com:443", 200),
        ("evil.example", 403), ("localhost.evil.example", 403), ("127.0.0.1.evil.example", 403), ("0.0.0.0", 403),
        ("localhost:", 403), ("localhost:99999", 403), ("localhost:80:80", 403), ("localhost@evil.example", 403),
        ("[::1]evil", 403), ("[::2]", 403), ("127.0.0.2", 403), ("xqueue.example.com", 403),
    ])
    func hosts(host: String, status: Int) async throws {
        try await TestServer.with {
            $0.allowedHosts = ["Queue.example.com"]
        } _: { server in
            let reply = try await server.get("/stats", headers: [("Host", host)])
            #expect(reply.status == status, "\(reply.text)")
            // What a probe may be told does no harm, and it knows only an address.
            #expect(try await server.get("/healthz", headers: [("Host", host)]).status == 200)
            #expect(try await server.get("/readyz", headers: [("Host", host)]).status == status)
        }
    }

    @Test func oneHostExactly() async throws {
        try await TestServer.with { server in
            for fields in ["", "Host: localhost\r\nHost: evil.example\r\n", "Host:\r\n"] {
                let reply = try await server.raw { socket in
                    try socket.send("GET /stats HTTP/1.1\r\n\(fields)\r\n")
                    return try socket.reply()
                }
                #expect(reply.status == 400, "\(fields): \(reply.text)")
            }
        }
    }

    /// What a browser sends for a page of another site, whatever the route does.
    @Test func pagesOfOtherSites() async throws {
        try await TestServer.with { server in
            let foreign: [(String, String)] = [
                ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", "http://127.0.0.1:1"),
                ("Origin", "http://\(server.host).evil.example"), ("Origin", "ftp://\(server.host)"),
                ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Site", "nonsense"),
            ]
            for (method, path, _) in Self.routes {
                for header in foreign {
                    let reply = try await server.request(method, path, body(for: method), headers: [header])
                    #expect(reply.status == 403, "\(method) \(path) \(header)")
                }
            }
            for header in [
                ("Origin", "http://\(server.host)"), ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "none"),
            ] {
                let reply = try await server.post("/tasks", #"{"type":"t"}"#, headers: [header])
                #expect(reply.status == 202, "\(header)")
                #expect(reply.header("access-control-allow-origin") == nil)
            }
        }
    }

    @Test(arguments: [
        ("application/json", 202), ("application/json; charset=utf-8", 202),
        ("Application/JSON;charset=\"UTF-8\"", 202),
        ("application/json; charset=utf-16", 415), ("application/json; charset=latin1", 415), ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415), ("multipart/form-data; boundary=x", 415), ("", 415),
        ("application/jsonp", 415), ("text/plain; application/json", 415),
    ])
    func contentTypes(type: String, status: Int) async throws {
        try await TestServer.with { server in
            let reply = try await server.post("/tasks", #"{"type":"t"}"#, headers: [("Content-Type", type)])
            #expect(reply.status == status, "\(reply.text)")
            #expect(try await server.taskCount() == (status == 202 ? 1 : 0))
        }
    }

    @Test(arguments: ["gzip", "deflate", "identity, gzip", "br"])
    func packedBodies(encoding: String) async throws {
        try await TestServer.with { server in
            let reply = try await server.post("/tasks", #"{"type":"t"}"#, headers: [("Content-Encoding", encoding)])
            #expect(reply.status == 415)
        }
    }

    /// A comparison that stops at the first wrong byte would take longer the more of a key is right.
    @Test func keysAreComparedInFull() {
        let keys = APIKeys(["abcdef", "ghijkl"])
        for shown in ["abcdef", "ghijkl"] { #expect(keys.admits("Bearer \(shown)")) }
        for shown in ["", "a", "abcde", "abcdeg", "xbcdef", "abcdefabcdef", "abcdefghijkl"] {
            #expect(!keys.admits("Bearer \(shown)"), "\(shown)")
        }
        #expect(!APIKeys([]).admits("Bearer "))
        #expect(!APIKeys(["k"]).admits(nil))
    }

    @Test(
        arguments: [
            ("127.0.0.1", [], false, true), ("localhost", [], false, true), ("::1", [], false, true),
            ("0.0.0.0", [], false, false), ("0.0.0.0", ["key"], false, false), ("0.0.0.0", [], true, false),
            ("0.0.0.0", ["key"], true, true), ("queue.example.com", ["key"], true, true),
            ("127.0.0.1", ["a b"], false, false),
            ("127.0.0.1", [""], false, false), ("::", ["key"], false, false),
        ] as [(String, [String], Bool, Bool)])
    func beyondThisMachineOnlyWithKeyAndProxy(host: String, keys: [String], isBehindProxy: Bool, starts: Bool) {
        var configuration = HTTPServerConfiguration(host: host)
        configuration.apiKeys = keys
        configuration.isBehindProxy = isBehindProxy
        #expect((configuration.problem == nil) == starts, "\(configuration.problem ?? "")")
    }
}
#endif
