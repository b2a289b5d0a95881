#if Redis
import Foundation
import NIOCore
import NIOPosix
import RESP
import RedisTestKit
import SojournTestKit
import Testing

@Suite("Faults", .needsRedis) struct FaultTests {
    @Test func aServerKilledUnderLoad() async throws {
        try await withStage { stage in
            // What Redis has answered is in the system's hands by then, and survives the death of the process.
            let server = try await stage.server(["appendonly yes", "appendfsync everysec"])
            let client = try stage.client(server.address)
            var total = (answered: 0, unknown: 0)
            for _ in 0..<3 {
                let before = try await client.send(Command("LLEN", key: "l")).integer ?? 0
                let tally: (answered: Int, unknown: Int) = try await withThrowingTaskGroup { group in
                    for caller in 0..<8 { group.addTask { try await pushUntilLost(client, caller) } }
                    try await eventually("there is something to lose") {
                        try await client.send(Command("LLEN", key: "l")).integer ?? 0 > before + 5000
                    }
                    server.kill()
                    return try await group.reduce(into: (0, 0)) { $0 = ($0.0 + $1.answered, $0.1 + $1.unknown) }
                }
                total = (total.answered + tally.answered, total.unknown + tally.unknown)
                // The client comes back by itself, and no answer was a lie.
                let start = ContinuousClock.now
                try server.start()
                var length = 0
                try await eventually("the server has loaded its data") {
                    guard let answer = try? await client.send(Command("LLEN", key: "l")).integer else { return false }
                    length = answer
                    return true
                }
                #expect(ContinuousClock.now - start < .seconds(5))
                #expect(length >= total.answered)
                #expect(length <= total.answered + total.unknown)
            }
            #expect(total.unknown > 0)
        }
    }

    /// Pushes until the connection is lost: then the answers come first, and each failure says whether its command may
    /// have run.
    private func pushUntilLost(_ client: RedisClient, _ caller: Int) async throws -> (answered: Int, unknown: Int) {
        let pipeline = Array(repeating: Command("RPUSH", key: "l", "\(caller)"), count: 200)
        var answered = 0
        while true {
            let replies = try await client.send(pipeline, timeout: .seconds(2))
            let errors = replies.compactMap { reply in
                if case .failure(let error) = reply { error } else { nil }
            }
            answered += replies.count - errors.count
            guard !errors.isEmpty else { continue }
            #expect(replies.suffix(errors.count).allSatisfy { (try? $0.get()) == nil })
            let unknown = errors.filter(\.mayHaveExecuted)
            #expect(unknown.isEmpty || unknown.count == errors.count)
            #expect(unknown.allSatisfy { $0.kind == .connectionLost })
            return (answered, unknown.count)
        }
    }

    @Test func commandsWaitWhileTheServerStarts() async throws {
        try await withStage { stage in
            let server = try stage.prepare()
            let client = try stage.client(server.address)
            async let early = client.send([Command("PING")])
            let refused = try stage.client(server.address)
            let error = await #expect(throws: RESPError.self) {
                try await refused.send(Command("PING"), timeout: .milliseconds(200))
            }
            #expect(error?.kind == .connectionRefused)
            #expect(error?.mayHaveExecuted == false)
            try server.start()
            #expect(try await early == [.success(.simple("PONG"))])
        }
    }

    @Test func aServerThatReadsItsData() async throws {
        try await withStage { stage in
            let slow = ["key-load-delay 2000", "loading-process-events-interval-bytes 1024", "dbfilename dump"]
            let server = try await stage.server(slow)
            let client = try stage.client(server.address)
            let sets = (0..<1000).map { Command("SET", key: "k\($0)", String(repeating: "x", count: 50)) }
            _ = try await client.send(sets + [Command("SAVE")])
            server.kill()
            try server.start()
            try await eventually("it says that it reads") {
                do throws(RESPError) {
                    _ = try await client.send(Command("GET", key: "k1"))
                    return false
                } catch {
                    return error.kind == .loading && error.isRetryable && !error.mayHaveExecuted
                }
            }
            try await eventually("it has read everything") {
                (try? await client.send(Command("DBSIZE"))) == .integer(1000)
            }
        }
    }

    @Test func aHalfOpenSocket() async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        try await withStage { stage in
            let address = RedisAddress(.single(.host("127.0.0.1", port: port)))
            let patience = RedisConfiguration(commandTimeout: .seconds(60), connectTimeout: .milliseconds(300))
            let client = try stage.client(address, patience)
            let start = ContinuousClock.now
            let error = await #expect(throws: RESPError.self) {
                try await client.send(Command("PING"), timeout: .milliseconds(200))
            }
            #expect(error?.kind == .timeout)
            #expect(error?.mayHaveExecuted == false)
            let blocking = await #expect(throws: RESPError.self) {
                try await client.block(Command("BLPOP", key: "a", "0"), for: .milliseconds(100))
            }
            #expect(blocking?.kind == .timeout)
            #expect(ContinuousClock.now - start < .seconds(30))
        }
        try await listener.close().get()
    }

    @Test func aServerThatStopsAnswering() async throws {
        try await withStage { stage in
            let server = try await stage.server()
            let patience = Duration.milliseconds(300)
            let configuration = RedisConfiguration(commandTimeout: patience, blockingGrace: patience)
            let client = try stage.client(server.address, configuration)
            try await eventually("the server is up") { (try? await client.send(Command("PING"))) != nil }
            _ = try await client.block(Command("BLPOP", key: "a", "0.01"), for: .milliseconds(10))
            server.freeze()
            let error = await #expect(throws: RESPError.self) { try await client.send(Command("INCR", key: "n")) }
            #expect(error?.kind == .timeout)
            #expect(error?.mayHaveExecuted == true)
            let blocking = await #expect(throws: RESPError.self) {
                try await client.block(Command("BLPOP", key: "a", "0.01"), for: .milliseconds(10))
            }
            #expect(blocking?.kind == .timeout)
            #expect(blocking?.mayHaveExecuted == true)
            server.thaw()
            try await eventually("it is back") { (try? await client.send(Command("PING"))) != nil }
        }
    }

    @Test(arguments: [
        ":1\r\n:2\r\n", "$-7\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "*99999999999\r\n", "\u{0}\u{0}\u{0}\r\n",
        String(repeating: "*1\r\n", count: 100_000),
    ])
    func aServerThatIsNoRedis(answer: String) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answering(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        try await withStage { stage in
            let client = try stage.client(RedisAddress(.single(.host("127.0.0.1", port: port))))
            let error = await #expect(throws: RESPError.self) {
                try await client.send(Command("PING"), timeout: .milliseconds(200))
            }
            #expect(error?.kind == .protocolViolation)
        }
        try await listener.close().get()
    }

    @Test func shutdownEndsEverybody() async throws {
        try await withStage { stage in
            let server = try await stage.server()
            let client = try stage.client(server.address)
            let watcher = try stage.client(server.address)
            _ = try await client.send(Command("PING"))
            async let blocked = result { try await client.block(Command("BLPOP", key: "a", "0"), for: .seconds(60)) }
            try await eventually("it blocks") {
                try await watcher.send(Command("INFO", key: nil, "clients")).text?.contains("blocked_clients:1") == true
            }
            await client.shutdown()
            let ending = await blocked
            let error = #expect(throws: RESPError.self) { try ending.get() }
            #expect(error?.kind == .closed)
            let late = await #expect(throws: RESPError.self) { try await client.send(Command("PING")) }
            #expect(late?.kind == .closed)
            try await eventually("all its connections are gone") {
                try await watcher.send(Command("CLIENT", key: nil, "LIST")).text?.split(separator: "\n").count == 1
            }
        }
    }
}

/// Answers whatever comes with the same bytes.
private final class Answering: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let answer: String

    init(_ answer: String) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(NIOAny(ByteBuffer(string: answer)), promise: nil)
    }
}
#endif
