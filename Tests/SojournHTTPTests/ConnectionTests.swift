#if HTTP
import Foundation
import SojournCore
import SojournHTTP
import SojournModel
import SojournWire
import Testing

/// What no HTTP client would do.
@Suite("Connections") struct ConnectionTests {
    private let body = #"{"type":"t"}"#

    private func post(_ server: TestServer, _ headers: [(String, String)] = [], length: Int? = nil) -> String {
        TestServer.head("POST", "/tasks", host: server.host, length: length ?? body.utf8.count, headers) + body
    }

    @Test func stayOpen() async throws {
        try await TestServer.with { server in
            let request = post(server)
            try await server.raw { socket in
                for _ in 0..<50 {
                    try socket.send(request)
                    let reply = try socket.reply()
                    #expect(reply.status == 202)
                }
            }
            #expect(try await server.taskCount() == 50)
        }
    }

    @Test func pipelining() async throws {
        try await TestServer.with { server in
            let request = post(server)
            let bad = TestServer.head("GET", "/nothing", host: server.host, length: nil)
            let health = TestServer.head("GET", "/healthz", host: server.host, length: nil)
            let statuses = try await server.raw { socket in
                try socket.send(String(repeating: request, count: 20) + bad + health + request)
                return try (0..<23).map { _ in try socket.reply().status }
            }
            #expect(statuses == Array(repeating: 202, count: 20) + [404, 200, 202])
            #expect(try await server.taskCount() == 21)
        }
    }

    @Test func closeWhenAsked() async throws {
        try await TestServer.with { server in
            let request = post(server, [("Connection", "close")])
            let bytes = try await server.raw { socket in
                try socket.send(request)
                return try socket.untilClosed()
            }
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 202"))
        }
    }

    @Test func aBodyInManyPieces() async throws {
        try await TestServer.with { server in
            let head = TestServer.head(
                "POST", "/tasks", host: server.host, length: nil,
                [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")])
            let reply = try await server.raw { [body] socket in
                try socket.send(head)
                for byte in body.utf8 { try socket.send("1\r\n\(Character(Unicode.Scalar(byte)))\r\n") }
                try socket.send("0\r\n\r\n")
                return try socket.reply()
            }
            #expect(reply.status == 202)
        }
    }

    @Test func whoeverAsksFirstIsTold() async throws {
        try await TestServer.with { server in
            let head = TestServer.head(
                "POST", "/tasks", host: server.host, length: body.utf8.count, [("Expect", "100-continue")])
            let statuses = try await server.raw { [body] socket in
                try socket.send(head)
                let first = try socket.reply().status
                try socket.send(body)
                return [first, try socket.reply().status]
            }
            #expect(statuses == [100, 202])
        }
    }

    // MARK: Too slow

    @Test(arguments: [
        "POST /tasks HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", "P", "\r\n", "GET /healthz HTTP/1.1\r\nHost:",
    ])
    func aHeaderThatDribblesIsCutOff(beginning: String) async throws {
        try await TestServer.with {
            $0.limits.headerTime = .milliseconds(150)
        } _: { server in
            try await server.raw { socket in
                try socket.send(beginning)
                while (try? socket.send("a")) != nil { usleep(20_000) }
            }
            #expect(try await server.get("/healthz").status == 200)
        }
    }

    @Test func aBodyThatDribblesIsCutOff() async throws {
        try await TestServer.with {
            $0.limits.bodyTime = .milliseconds(150)
        } _: { server in
            let head = TestServer.head("POST", "/tasks", host: server.host, length: 100_000)
            try await server.raw { socket in
                try socket.send(head)
                while (try? socket.send("a")) != nil { usleep(20_000) }
            }
            #expect(try await server.taskCount() == 0)
        }
    }

    @Test func theSecondRequestMustBeQuickToo() async throws {
        try await TestServer.with {
            $0.limits.headerTime = .milliseconds(150)
        } _: { server in
            let request = post(server)
            let rest = try await server.raw { socket in
                try socket.send(request)
                _ = try socket.reply()
                try socket.send("POST /tasks HTT")
                return try socket.untilClosed()
            }
            #expect(rest.isEmpty)
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await TestServer.with {
            $0.limits.idleTime = .milliseconds(150)
        } _: { server in
            let request = post(server)
            let rest = try await server.raw { socket in
                try socket.send(request)
                _ = try socket.reply()
                return try socket.untilClosed()
            }
            #expect(rest.isEmpty)
        }
    }

    /// A request behind a long poll is not read until the poll is answered; that is no fault of its sender.
    @Test func aRequestBehindALongPollIsNotCutOff() async throws {
        try await TestServer.with {
            $0.limits.headerTime = .milliseconds(50)
            $0.limits.bodyTime = .milliseconds(50)
        } _: { server in
            let wait = #"{"wait_seconds":0.4}"#
            let poll = TestServer.head("POST", "/leases", host: server.host, length: wait.utf8.count) + wait
            let request = post(server)
            let statuses = try await server.raw { socket in
                try socket.send(poll + request.dropLast(5))
                let first = try socket.reply().status
                try socket.send(String(request.suffix(5)))
                return [first, try socket.reply().status]
            }
            #expect(statuses == [200, 202])
        }
    }

    // MARK: Too much

    @Test func aBodyThatSaysItIsTooLongIsNotRead() async throws {
        try await TestServer.with { server in
            let head = TestServer.head("POST", "/tasks", host: server.host, length: Limits.bodyBytes + 1)
            let reply = try await server.raw { socket in
                try socket.send(head)
                let reply = try socket.reply()
                #expect(try socket.untilClosed().isEmpty)
                return reply
            }
            #expect(reply.status == 413 && reply.header("connection") == "close")
        }
    }

    @Test func aBodyThatGrowsTooLongIsCutOff() async throws {
        try await TestServer.with { server in
            let head = TestServer.head(
                "POST", "/tasks", host: server.host, length: nil,
                [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")])
            let reply = try await server.raw { socket in
                try socket.send(head)
                let chunk = "8000\r\n\(String(repeating: " ", count: 0x8000))\r\n"
                for _ in 0..<40 { if (try? socket.send(chunk)) == nil { break } }
                return try socket.reply()
            }
            #expect(reply.status == 413 && reply.text.contains("1048576"))
        }
    }

    @Test(arguments: [
        (15 * 1_024, 1, 200), (17 * 1_024, 1, 400), (10, 60, 200), (10, 80, 400), (600, 40, 400),
    ])
    func headers(length: Int, count: Int, status: Int) async throws {
        try await TestServer.with { server in
            let fields = (0..<count).map { ("X-\($0)", String(repeating: "v", count: length)) }
            let reply = try await server.get("/healthz", headers: fields)
            #expect(reply.status == status)
        }
    }

    @Test func anAddressThatIsTooLong() async throws {
        try await TestServer.with { server in
            let path = "/tasks?cursor=" + String(repeating: "a", count: 5_000)
            let reply = try await server.get(path)
            #expect(reply.status == 414 && reply.text.contains("4096"))
        }
    }

    @Test func connectionsBeyondTheMostWait() async throws {
        try await TestServer.with {
            $0.limits.connections = 2
        } _: { server in
            let health = TestServer.head("GET", "/healthz", host: server.host, length: nil)
            let statuses = try await server.raw { [port = server.port] first in
                let others = try [RawSocket(port: port), RawSocket(port: port)]
                for socket in [first] + others { try socket.send(health) }
                var statuses = [try first.reply().status, try others[0].reply().status]
                first.close()
                statuses.append(try others[1].reply().status)
                for socket in others { socket.close() }
                return statuses
            }
            #expect(statuses == [200, 200, 200])
        }
    }

    // MARK: Not HTTP

    @Test(arguments: [
        "hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
        "POST /tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nBad Name: 1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
        "GET /healthz HTTP/1.1\r\n Host: localhost\r\n\r\n",
        "POST /tasks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
    ])
    func isAnsweredAndEnded(bytes: String) async throws {
        try await TestServer.with { server in
            let answer = try await server.raw { socket in
                try socket.send(bytes)
                return String(decoding: try socket.untilClosed(), as: UTF8.self)
            }
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            #expect(answer.contains("application/problem+json"))
            #expect(answer.components(separatedBy: "HTTP/1.1 4").count == 2, "one answer only: \(answer)")
        }
    }

    @Test(arguments: ["x\r\n", "-1\r\n", "5\r\n{\"typ", "fffffffffffffffff\r\n", "1\r\n{}\r\n"])
    func badChunksAreAnsweredAndEnded(chunk: String) async throws {
        try await TestServer.with { server in
            let head = TestServer.head(
                "POST", "/tasks", host: server.host, length: nil,
                [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")])
            let answer = try await server.raw { socket in
                try socket.send(head + chunk)
                socket.finishSending()
                return String(decoding: try socket.untilClosed(), as: UTF8.self)
            }
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            #expect(try await server.taskCount() == 0)
        }
    }

    @Test func aBodyThatEndsEarlyWritesNothing() async throws {
        try await TestServer.with { server in
            let request = post(server, length: 100)
            try await server.raw { socket in
                try socket.send(request)
                socket.finishSending()
                _ = try socket.untilClosed()
            }
            #expect(try await server.taskCount() == 0)
        }
    }

    /// Bytes after a body that was refused are not taken for the next request.
    @Test func nothingIsSmuggled() async throws {
        try await TestServer.with { server in
            let inner = post(server)
            let head = TestServer.head(
                "GET", "/healthz", host: server.host, length: nil, [("Transfer-Encoding", "chunked")])
            let answer = try await server.raw { socket in
                try socket.send(head + "0\r\n\r\n" + inner)
                return String(decoding: try socket.untilClosed(), as: UTF8.self)
            }
            #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.components(separatedBy: "HTTP/1.1 ").count == 2)
            #expect(try await server.taskCount() == 0)
        }
    }
}
#endif
