#if HTTP
import SojournCore
import SojournHTTP
import SojournModel
import SojournTestKit
import SojournWire
import Testing

/// Thousands of requests that are nearly right: never a mistake of the server, and it serves on.
@Suite("Requests at random") struct FuzzTests {
    private static let bodies = [
        #"{"type":"t","payload":{"a":[1,2.5e3,"x\u00e9"]},"queue":"q","priority":"high","delay_seconds":1}"#,
        #"{"type":"t","retry":{"strategy":"fixed","base_ms":10},"tags":["a"],"max_retries":3,"idempotency_key":"k"}"#,
        #"{"tasks":[{"type":"t"},{"type":"u","timeout_seconds":0.5,"run_at":"2030-01-01T00:00:00Z"}]}"#,
        #"{"queues":["q"],"limit":10,"lease_seconds":30,"wait_seconds":0,"worker":"w","types":["t"]}"#,
        #"{"leases":[{"task_id":"01979f3c-5d2a-7cc0-8a4e-0123456789ab","token":"00000000000000000000000000000000"}]}"#,
        #"{"results":[{"task_id":"01979f3c-5d2a-7cc0-8a4e-0123456789ab","token":"00000000000000000000000000000000","#
            + #""outcome":"failed","error":"e\u0000","retry_after_seconds":1.5}],"worker":"w"}"#,
        #"{"worker":"w"}"#,
        #"{"queue":"q","limit":5,"error":"e"}"#,
    ]
    private static let paths = [
        "/tasks", "/task", "/tasks/batch", "/leases", "/leases/extend", "/leases/complete", "/leases/leave",
        "/dead-letters/replay", "/queues/q/pause", "/queues/q/resume",
        "/tasks/01979f3c-5d2a-7cc0-8a4e-0123456789ab/cancel",
    ]
    /// What mutations like to put in.
    private static let splinters = [
        "null", "{", "}", "[", "]", "\"", ",", ":", "1e400", "-1", "9223372036854775808", "\\u0000", "\\ud800", "\u{0}",
        "true", "0.0000001", "{}", "[[[[[[[[", "\"type\":", "NaN", "\u{FEFF}", "é",
    ].map { Array($0.utf8) }

    private static func mutated(_ text: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = text
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 0...9, using: &random)))
            case 2: bytes.insert(contentsOf: splinters.randomElement(using: &random) ?? [], at: at)
            default: bytes.insert(contentsOf: bytes.prefix(at).suffix(12), at: at)
            }
        }
        return bytes
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func bodies(seed: UInt64) async throws {
        try await TestServer.with { server in
            let host = server.host
            try await server.raw { socket in
                var random = SplitMix64(seed: seed)
                for number in 0..<600 {
                    let body = Self.mutated(Array(Self.bodies.randomElement(using: &random)?.utf8 ?? "".utf8), &random)
                    let path = Self.paths.randomElement(using: &random) ?? "/"
                    let head = TestServer.head("POST", path, host: host, length: body.count)
                    try socket.send(Array(head.utf8) + body)
                    let reply = try socket.reply()
                    #expect(reply.status < 500, "seed \(seed), request \(number): \(path) \(body) → \(reply.text)")
                    #expect((try? JSONValue(validating: reply.body, maxDepth: 128)) != nil)
                }
            }
            #expect(try await server.get("/readyz").status == 200)
        }
    }

    /// Whole requests, heads included: most are not HTTP any more, and end their connection.
    @Test(arguments: [UInt64(5), 6])
    func requests(seed: UInt64) async throws {
        try await TestServer.with {
            $0.limits.headerTime = .milliseconds(100)
            $0.limits.bodyTime = .milliseconds(100)
            $0.limits.lingerTime = .milliseconds(100)
        } _: { server in
            let (host, port) = (server.host, server.port)
            try await onThread {
                var random = SplitMix64(seed: seed)
                for number in 0..<300 {
                    let body = Self.bodies.randomElement(using: &random) ?? ""
                    let path = Self.paths.randomElement(using: &random) ?? "/"
                    let whole = TestServer.head("POST", path, host: host, length: body.utf8.count) + body
                    let socket = try RawSocket(port: port)
                    try? socket.send(Self.mutated(Array(whole.utf8), &random))
                    socket.finishSending()
                    let answer = String(decoding: (try? socket.untilClosed()) ?? [], as: UTF8.self)
                    socket.close()
                    #expect(!answer.contains("HTTP/1.1 5"), "seed \(seed), request \(number): \(answer)")
                }
            }
            #expect(try await server.get("/readyz").status == 200)
        }
    }

    @Test func addresses() async throws {
        try await TestServer.with { server in
            let host = server.host
            try await server.raw { socket in
                var random = SplitMix64(seed: 7)
                let beginnings = [
                    "/tasks?limit=5&queue=q", "/tasks/", "/dead-letters?error=x&type=t", "/queues/", "/%",
                ]
                for number in 0..<500 {
                    var target = beginnings.randomElement(using: &random) ?? "/"
                    for _ in 0..<Int.random(in: 0...8, using: &random) {
                        target.append(
                            ["%00", "%", "&", "=", "?", "..", "/", "%ff", "{}", "*", "#", "a", ";"].randomElement(
                                using: &random) ?? "")
                    }
                    try socket.send(TestServer.head("GET", target, host: host, length: nil))
                    let reply = try socket.reply()
                    #expect(reply.status < 500, "request \(number): \(target) → \(reply.text)")
                }
            }
        }
    }
}
#endif
