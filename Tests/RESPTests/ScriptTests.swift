#if Redis
import Foundation
import RESP
import RedisTestKit
import SojournTestKit
import Testing

@Suite("Scripts", .needsRedis) struct ScriptTests {
    static let add = Script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
    static let name = Script("return KEYS[1] .. ARGV[1]")

    private func add(_ number: Int) -> Command {
        var call = Self.add.call(keys: ["n"])
        call.append(number)
        return call
    }

    @Test func anUnknownScriptIsSentInFull() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            #expect(try await client.send(add(2)).integer == 2)
            #expect(try await client.send(add(3)).integer == 5)
            let known = try await client.send(Command("SCRIPT", key: nil, "EXISTS", Self.add.digest))
            #expect(known == .array([.integer(1)]))
        }
    }

    @Test func inPipelinesTooAndInOrder() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            var name = Self.name.call(keys: ["a"])
            name.append("b")
            for _ in 0..<3 {
                _ = try await client.send([Command("DEL", key: "n"), Command("SCRIPT", key: nil, "FLUSH")])
                let replies = try await client.send([add(1), Command("PING"), add(2), name, Command("NOSUCH"), add(3)])
                let words = replies.map { reply in (try? reply.get()).flatMap { $0.text ?? "\($0.integer ?? -1)" } }
                #expect(words == ["1", "PONG", "3", "ab", nil, "6"])
            }
        }
    }

    @Test func flushedAgainAndAgain() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            try await withThrowingTaskGroup { group in
                for _ in 0..<10 {
                    group.addTask {
                        for _ in 0..<50 { _ = try await client.send([add(1), add(1)]).map { try $0.get() } }
                    }
                }
                group.addTask {
                    for _ in 0..<50 { _ = try await client.send(Command("SCRIPT", key: nil, "FLUSH")) }
                }
                try await group.waitForAll()
            }
            // Every call ran exactly once.
            #expect(try await client.send(Command("GET", key: "n")).integer == 1000)
        }
    }

    @Test func aScriptThatFailsInItsMiddleMayHaveWritten() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            let script = Script("redis.call('SET', KEYS[1], '1') return redis.call('LPUSH', KEYS[1], '1')")
            let error = await #expect(throws: RESPError.self) { try await client.send(script.call(keys: ["a"])) }
            #expect(error?.kind == .server)
            #expect(error?.mayHaveExecuted == true)
        }
    }

    @Test func aFullServerRefuses() async throws {
        try await withStage { stage in
            let server = try await stage.server(["maxmemory 1", "maxmemory-policy noeviction"])
            let client = try stage.client(server.address)
            let error = await #expect(throws: RESPError.self) { try await client.send(Command("SET", key: "a", "1")) }
            #expect(error?.kind == .outOfMemory)
            #expect(error?.mayHaveExecuted == false)
            let inside = await #expect(throws: RESPError.self) { try await client.send(add(1)) }
            #expect(inside?.kind == .outOfMemory)
        }
    }

    @Test func aBusyServerSaysSo() async throws {
        try await withStage { stage in
            let server = try await stage.server(["busy-reply-threshold 50"])
            let client = try stage.client(server.address)
            let other = try stage.client(server.address)
            _ = try await other.send(Command("PING"))
            async let endless = client.send([Script("while true do end").call(keys: [])], timeout: .seconds(20))
            try await eventually("the server is busy") {
                do throws(RESPError) {
                    _ = try await other.send(Command("PING"))
                    return false
                } catch {
                    return error.kind == .busy && error.isRetryable && !error.mayHaveExecuted
                }
            }
            _ = try await other.send(Command("SCRIPT", key: nil, "KILL"))
            let killed = try await endless
            #expect(throws: RESPError.self) { try killed[0].get() }
            #expect(try await client.send(Command("PING")) == .simple("PONG"))
        }
    }
}
#endif
