#if HTTP
import Foundation
import SojournHTTP
import SojournModel
import Testing

/// Requests that are out of the ordinary, and must not leave a connection in a state that nobody expects.
@Suite("Requests out of the ordinary") struct StrayRequestTests {
    private func get(_ path: String, _ server: TestServer, _ headers: [(String, String)] = []) -> String {
        TestServer.head("GET", path, host: server.host, length: nil, headers)
    }

    private func answers(_ request: String, _ server: TestServer) async throws -> String {
        try await server.raw { socket in
            try socket.send(request)
            return String(decoding: try socket.untilClosed(), as: UTF8.self)
        }
    }

    @Test func aWishForAnotherProtocolIsAnsweredAndEndsTheConnection() async throws {
        try await TestServer.with { server in
            let upgrade = [("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAAA")]
            let answers = try await answers(get("/healthz", server, upgrade), server)
            #expect(answers.hasPrefix("HTTP/1.1 200"))
            #expect(answers.lowercased().contains("connection: close"))
            let connect = "CONNECT example.org:443 HTTP/1.1\r\nHost: \(server.host)\r\n\r\n"
            let refusal = try await self.answers(connect, server)
            #expect(refusal.hasPrefix("HTTP/1.1 4"), "\(refusal)")
        }
    }

    @Test(arguments: [("/nothing", 404), ("/tasks/x", 400), ("/task", 405), ("/leases", 405), ("/stats", 200)])
    func aHeadIsAnsweredWithoutABody(path: String, status: Int) async throws {
        try await TestServer.with { server in
            let head = TestServer.head("HEAD", path, host: server.host, length: nil)
            let request = head + get("/healthz", server)
            try await server.raw { socket in
                try socket.send(request)
                let answer = try socket.reply(toHead: true)
                #expect(answer.status == status)
                let next = try socket.reply()
                #expect(next.status == 200, "\(next.text)")
            }
        }
    }

    @Test func whatComesBehindAGoodRequestIsRefusedAfterItsAnswer() async throws {
        try await TestServer.with { server in
            let answers = try await answers(get("/healthz", server) + "\0\0 nonsense\r\n\r\n", server)
            let parts = answers.components(separatedBy: "HTTP/1.1 400")
            #expect(parts.count == 2 && parts[0].hasPrefix("HTTP/1.1 200"), "\(answers)")
            #expect(answers.contains("application/problem+json"))
        }
    }

    @Test func anOldClientSeesTheEnd() async throws {
        try await TestServer.with { server in
            let start = ContinuousClock.now
            let answer = try await answers("GET /healthz HTTP/1.0\r\nHost: \(server.host)\r\n\r\n", server)
            #expect(answer.contains(" 200 "))
            #expect(start.duration(to: .now) < .seconds(20))
        }
    }

    @Test func aTargetThatNamesAHostIsRefused() async throws {
        try await TestServer.with { server in
            let target = "GET http://evil.example/stats HTTP/1.1"
            let request = "\(target)\r\nHost: \(server.host)\r\nConnection: close\r\n\r\n"
            let answer = try await answers(request, server)
            #expect(answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
        }
    }

    @Test func aBodyOfVeryManySmallPieces() async throws {
        try await TestServer.with { server in
            let head = TestServer.head(
                "POST", "/tasks", host: server.host, length: nil,
                [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")])
            let pieces = (#"{"type":"t"}"# + String(repeating: " ", count: 60_000)).map { "1\r\n\($0)\r\n" }
            let request = head + pieces.joined() + "0\r\n\r\n"
            let start = ContinuousClock.now
            let answer = try await answers(request, server)
            #expect(answer.hasPrefix("HTTP/1.1 202"), "\(answer)")
            #expect(start.duration(to: .now) < .seconds(20))
        }
    }

    @Test func whoeverTakesNothingIsCutOff() async throws {
        try await TestServer.with {
            $0.limits.writeTime = .milliseconds(300)
            $0.limits.idleTime = .seconds(5)
        } _: { server in
            let one = try await server.get("/openapi.json").text.utf8.count
            // More than any buffer between the two holds.
            let count = 40_000_000 / one
            let request = String(repeating: get("/openapi.json", server), count: count)
            let taken = try await server.raw { socket in
                try socket.send(request)
                Thread.sleep(forTimeInterval: 2)
                return (try? socket.untilClosed())?.count ?? 0
            }
            #expect(taken < count * one, "\(taken) of \(count * one) bytes")
            #expect(try await server.get("/readyz").status == 200)
        }
    }
}
#endif
