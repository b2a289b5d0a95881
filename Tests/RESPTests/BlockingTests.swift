#if Redis
import Foundation
import NIOCore
import RESP
import RedisTestKit
import SojournTestKit
import Testing

@Suite("Blocking and listening", .needsRedis) struct BlockingTests {
    private func blockedClients(_ client: RedisClient) async throws -> Int {
        let info = try await client.send(Command("INFO", key: nil, "clients")).text ?? ""
        let line = info.split(whereSeparator: \.isNewline).first { $0.hasPrefix("blocked_clients:") }
        return line.flatMap { Int($0.dropFirst(16)) } ?? -1
    }

    private func connections(_ client: RedisClient) async throws -> Int {
        let list = try await client.send(Command("CLIENT", key: nil, "LIST")).text ?? ""
        return list.split(separator: "\n").count
    }

    @Test func aBlockedCommandHoldsNobodyUp() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            async let popped = result { try await client.block(Command("BLPOP", key: "l", "20"), for: .seconds(20)) }
            try await eventually("it blocks") { try await blockedClients(client) == 1 }
            _ = try await client.send(Command("RPUSH", key: "l", "x"))
            #expect(try await popped.get().elements?.last?.text == "x")
            // The connection is used again.
            let empty = try await client.block(Command("BLPOP", key: "l", "0.01"), for: .milliseconds(10))
            #expect(empty.isNull)
            #expect(try await connections(client) == 2)
        }
    }

    @Test func cancellingEndsTheWait() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            let outcome = try await withThrowingTaskGroup(of: Result<RESPValue, any Error>.self) { group in
                group.addTask {
                    await result { try await client.block(Command("BLPOP", key: "l", "0"), for: .seconds(60)) }
                }
                try await eventually("it blocks") { try await blockedClients(client) == 1 }
                group.cancelAll()
                return try await group.next()
            }
            let error = #expect(throws: RESPError.self) { try outcome?.get() }
            #expect(error?.kind == .cancelled)
            try await eventually("the server knows") { try await connections(client) == 1 }
        }
    }

    @Test func idleConnectionsAreBounded() async throws {
        try await withStage { stage in
            let configuration = RedisConfiguration(idleConnections: 2)
            let client = try stage.client(try await stage.server().address, configuration)
            try await withThrowingTaskGroup { group in
                for _ in 0..<6 {
                    group.addTask {
                        let value = try await client.block(Command("BLPOP", key: "l", "0.05"), for: .milliseconds(50))
                        #expect(value.isNull)
                    }
                }
                try await group.waitForAll()
            }
            try await eventually("two are left") { try await connections(client) == 3 }
        }
    }

    @Test func aScriptOnAConnectionOfItsOwn() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            let value = try await client.block(Script("return 7").call(keys: []), for: .seconds(1))
            #expect(value == .integer(7))
        }
    }

    @Test func aSubscription() async throws {
        try await withStage { stage in
            let server = try await stage.server()
            let client = try stage.client(server.address)
            let events = try await client.subscribe(to: ["a"], patterns: ["b*"])
            var iterator = events.makeAsyncIterator()
            #expect(try await iterator.next() == .subscribed("a"))
            #expect(try await iterator.next() == .subscribed("b*"))
            _ = try await client.send([
                Command("PUBLISH", key: nil, "a", "1"), Command("PUBLISH", key: nil, "c", "2"),
                Command("PUBLISH", key: nil, "bc", "3"),
            ])
            #expect(try await iterator.next() == .message(channel: "a", ByteBuffer(string: "1")))
            #expect(try await iterator.next() == .message(channel: "bc", ByteBuffer(string: "3")))
            server.kill()
            let error = await #expect(throws: RESPError.self) { try await iterator.next() }
            #expect(error?.kind == .connectionLost)
        }
    }

    @Test func aSubscriptionThatNobodyReadsIsClosed() async throws {
        try await withStage { stage in
            let client = try stage.client(try await stage.server().address)
            do {
                let events = try await client.subscribe(to: ["a"])
                for try await event in events {
                    #expect(event == .subscribed("a"))
                    break
                }
            }
            try await eventually("it is closed") { try await connections(client) == 1 }
        }
    }
}
#endif
