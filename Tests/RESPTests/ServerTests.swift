#if Redis
import Foundation
import NIOCore
import RESP
import RedisTestKit
import SojournTestKit
import Testing

@Suite("A real server", .needsRedis) struct ServerTests {
    @Test func everyKindOfValue() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            #expect(try await client.send(Command("PING")) == .simple("PONG"))
            #expect(try await client.send(Command("SET", key: "a", "é\r\n")) == .simple("OK"))
            #expect(try await client.send(Command("GET", key: "a")).text == "é\r\n")
            #expect(try await client.send(Command("GET", key: "b")).isNull)
            #expect(try await client.send(Command("INCR", key: "n")).integer == 1)
            _ = try await client.send(Command("HSET", key: "h", "k", "v", "l", "w"))
            #expect(try await client.send(Command("HGETALL", key: "h"))["l"]?.text == "w")
            _ = try await client.send(Command("SADD", key: "s", "x"))
            #expect(try await client.send(Command("SMEMBERS", key: "s")) == .set([.bulk(ByteBuffer(string: "x"))]))
            _ = try await client.send(Command("ZADD", key: "z", "1.5", "x"))
            #expect(try await client.send(Command("ZSCORE", key: "z", "x")) == .double(1.5))
        }
    }

    @Test(arguments: [
        ("bignum", RESPValue.bigNumber("1234567999999999999999999999999999999")), ("true", .boolean(true)),
        ("attrib", .bulk(ByteBuffer(string: "Some real reply following the attribute"))), ("null", .null),
        ("double", .double(3.141)),
        ("verbatim", .verbatim(format: "txt", ByteBuffer(string: "This is a verbatim\nstring"))),
        ("map", .map([.integer(0), .boolean(false), .integer(1), .boolean(true), .integer(2), .boolean(false)])),
        ("set", .set([.integer(0), .integer(1), .integer(2)])),
    ])
    func whatTheServerCanSay(kind: String, value: RESPValue) async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server(["enable-debug-command yes"]).address)
            #expect(try await client.send(Command("DEBUG", key: nil, "PROTOCOL", kind)) == value)
        }
    }

    @Test func aPipelineOfTenThousand() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            let replies = try await client.send((0..<10_000).map { Command("ECHO", key: nil, "\($0)") })
            #expect(replies.map { try? $0.get().integer } == Array(0..<10_000))
        }
    }

    @Test func oneErrorLeavesTheRestOfThePipelineAlone() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            _ = try await client.send(Command("SET", key: "a", "x"))
            let replies = try await client.send([
                Command("INCR", key: "n"), Command("LPUSH", key: "a", "1"), Command("NOSUCH"),
                Command("INCR", key: "n"),
            ])
            #expect(try replies[0].get() == .integer(1))
            #expect(throws: RESPError.self) { try replies[1].get() }
            #expect(throws: RESPError.self) { try replies[2].get() }
            #expect(try replies[3].get() == .integer(2))
            await #expect(throws: RESPError.self) { try await client.send(Command("NOSUCH")) }
            #expect(try await client.send([]).isEmpty)
        }
    }

    @Test func twoHundredCallersAtOnce() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            try await withThrowingTaskGroup { group in
                for caller in 0..<200 {
                    group.addTask {
                        for turn in 0..<20 {
                            let text = "\(caller)-\(turn)"
                            let echo = try await client.send(Command("ECHO", key: nil, text))
                            #expect(echo.text == text)
                        }
                    }
                }
                try await group.waitForAll()
            }
            // All of them on one connection.
            let list = try await client.send(Command("CLIENT", key: nil, "LIST")).text ?? ""
            #expect(list.split(separator: "\n").count == 1)
            #expect(list.contains("name=sojourn"))
        }
    }

    @Test func largeValuesThereAndBack() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            var random = SplitMix64(seed: 1)
            for size in [0, 1, 65_535, 65_536, 3_000_000] {
                let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
                var set = Command(name: "SET", capacity: size)
                set.append(key: "k")
                set.append(bytes: bytes)
                let replies = try await client.send([set, Command("GET", key: "k")])
                #expect(try replies[1].get() == .bulk(ByteBuffer(bytes: bytes)))
            }
        }
    }

    @Test func aTransactionStaysTogether() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            let transaction = [Command("MULTI"), Command("INCR", key: "n"), Command("INCR", key: "n"), Command("EXEC")]
            try await withThrowingTaskGroup { group in
                for _ in 0..<50 {
                    group.addTask {
                        let last = try await client.send(transaction).last
                        let pair = try last?.get().elements?.compactMap(\.integer) ?? []
                        #expect(pair.count == 2 && pair[0] + 1 == pair[1])
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func theDatabaseIsSelected() async throws {
        try await withStage { stage in
            let server = try await stage.server()
            let client = try stage.client(RedisAddress(.single(server.endpoint), database: 3))
            _ = try await client.send(Command("SET", key: "a", "1"))
            #expect(try await client.send(Command("CLIENT", key: nil, "INFO")).text?.contains(" db=3 ") == true)
            let wrong = try stage.client(RedisAddress(.single(server.endpoint), database: 999))
            let error = await #expect(throws: RESPError.self) { try await wrong.send(Command("PING")) }
            #expect(error?.message == "ERR DB index is out of range")
        }
    }

    @Test func aServerWithoutRESP3() async throws {
        try await withStage { stage in
            let server = try await stage.server(["rename-command HELLO \"\"", "requirepass hunter2"])
            let client = try stage.client(RedisAddress(.single(server.endpoint), password: "hunter2", database: 2))
            _ = try await client.send(Command("HSET", key: "h", "k", "v"))
            let hash = try await client.send(Command("HGETALL", key: "h"))
            #expect(hash.elements?.count == 2 && hash["k"]?.text == "v")
            #expect(try await client.send(Command("GET", key: "none")) == .null)
            #expect(try await client.send(Command("CLIENT", key: nil, "INFO")).text?.contains(" db=2 ") == true)
            var events = try await client.subscribe(to: ["a"]).makeAsyncIterator()
            #expect(try await events.next() == .subscribed("a"))
            _ = try await client.send(Command("PUBLISH", key: nil, "a", "1"))
            #expect(try await events.next() == .message(channel: "a", ByteBuffer(string: "1")))
        }
    }

    @Test func anAddressWithoutAHost() {
        let error = #expect(throws: RESPError.self) { try RedisClient(RedisAddress(.cluster([]))) }
        #expect(error?.kind == .invalidAddress)
    }

    @Test func tooMuchAtOnceIsRefused() async throws {
        try await withStage { stage in
            let configuration = RedisConfiguration(backlog: 10, requestBytes: 100)
            let client = try stage.client(try await stage.server().address, configuration)
            let long = Command("ECHO", key: nil, String(repeating: "a", count: 101))
            var error = await #expect(throws: RESPError.self) { try await client.send(long) }
            #expect(error?.kind == .tooLarge)
            error = await #expect(throws: RESPError.self) {
                try await client.send(Array(repeating: Command("X"), count: 11))
            }
            #expect(error?.kind == .tooLarge || error?.kind == .overloaded)
            #expect(try await client.send(Command("PING")) == .simple("PONG"))
        }
    }
}
#endif
