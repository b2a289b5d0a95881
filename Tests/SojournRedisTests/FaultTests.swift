#if Redis
import Foundation
import RESP
import RedisTestKit
import SojournCore
import SojournModel
import SojournRedis
import SojournTestKit
import Testing

@Suite("RedisQueue in trouble", .needsRedis) struct FaultTests {
    /// What a call was refused with.
    private func code(_ body: () async throws(BackendError) -> Void) async -> BackendError.Code? {
        do throws(BackendError) {
            try await body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test func aServerThatForgetsItsScriptsAgainAndAgain() async throws {
        try await withServer { stage, server in
            let queue = try stage.queue(on: server.address)
            let other = try stage.client(server.address)
            var done = 0
            for _ in 0..<100 {
                _ = try await other.send(Command("SCRIPT", key: nil, "FLUSH"))
                let ids = try await queue.insert(newTasks(3)).count
                _ = try await other.send(Command("SCRIPT", key: nil, "FLUSH"))
                let deliveries = try await queue.lease(LeaseRequest(limit: 10)).deliveries
                let answers = try await queue.finish(deliveries.map(succeeded))
                done += answers.count { $0 == .settled }
                #expect(ids == 3)
            }
            #expect(done == 300)
            #expect(try await queue.depths().map(\.counts) == [[.succeeded: 300]])
        }
    }

    @Test func aKilledServerComesBackWithAllItAccepted() async throws {
        try await withServer(["appendonly yes", "appendfsync always"]) { stage, server in
            let queue = try stage.queue(on: server.address, timeout: .milliseconds(500))
            var accepted: Set<TaskID> = []
            for _ in 0..<5 {
                for _ in 0..<5 {
                    let tasks = newTasks(20)
                    _ = try await queue.insert(tasks)
                    accepted.formUnion(tasks.map(\.message.id))
                }
                server.kill()
                #expect(await code { () async throws(BackendError) in _ = try await queue.depths() } != nil)
                try server.start()
                try await server.isUp()
                try await eventually("the queue answers again") { (try? await queue.depths()) != nil }
            }
            var done: Set<TaskID> = []
            while case let deliveries = try await queue.lease(LeaseRequest(limit: 100)).deliveries, !deliveries.isEmpty
            {
                let answers = try await queue.finish(deliveries.map(succeeded))
                #expect(answers.allSatisfy { $0 == .settled })
                done.formUnion(deliveries.map(\.message.id))
            }
            #expect(done == accepted)
        }
    }

    @Test func aWipedServerTakesNewTasksAndHandsThemOut() async throws {
        try await withServer { stage, server in
            let producer = try stage.queue(on: server.address)
            let worker = try stage.queue(on: server.address)
            _ = try await producer.insert(newTasks(5))
            let lost = try await worker.lease(LeaseRequest(limit: 2)).deliveries
            _ = try await stage.client(server.address).send(Command("FLUSHALL"))
            #expect(try await worker.finish(lost.map(succeeded)) == [.leaseLost, .leaseLost])
            #expect(try await worker.extend(lost.map(\.lease), by: .seconds(9)) == [.lost, .lost])
            let tasks = newTasks(3)
            _ = try await producer.insert(tasks)
            let deliveries = try await worker.lease(LeaseRequest(limit: 10)).deliveries
            #expect(deliveries.map(\.message.id) == tasks.map(\.message.id))
        }
    }

    @Test func aReplicaIsNotAvailable() async throws {
        try await withServer { stage, server in
            let queue = try stage.queue(on: server.address)
            _ = try await queue.insert(newTasks(1))
            _ = try await stage.client(server.address).send(Command("REPLICAOF", key: nil, "127.0.0.1", "1"))
            let refused = await code { () async throws(BackendError) in _ = try await queue.insert(newTasks(1)) }
            #expect(refused == .unavailable)
            _ = try await stage.client(server.address).send(Command("REPLICAOF", key: nil, "NO", "ONE"))
            try await eventually("the master is found") { (try? await queue.insert(newTasks(1))) != nil }
        }
    }

    @Test func aFullServerSaysSo() async throws {
        try await withServer { stage, server in
            let queue = try stage.queue(on: server.address)
            _ = try await queue.insert(newTasks(1))
            _ = try await stage.client(server.address).send(Command("CONFIG", key: nil, "SET", "maxmemory", "1"))
            let refused = await code { () async throws(BackendError) in _ = try await queue.insert(newTasks(1)) }
            #expect(refused == .full)
            _ = try await stage.client(server.address).send(Command("CONFIG", key: nil, "SET", "maxmemory", "0"))
            #expect(try await queue.insert(newTasks(1)).count == 1)
            #expect(try await queue.depths().map(\.counts) == [[.queued: 2]])
        }
    }

    @Test func aServerThatLoadsIsNotAvailable() async throws {
        let slow = ["appendonly yes", "key-load-delay 2000", "loading-process-events-interval-bytes 1024"]
        try await withServer(slow) { stage, server in
            // Not so patient as to wait until the server has loaded.
            let queue = try stage.queue(on: server.address, timeout: .milliseconds(100))
            let client = try stage.client(server.address)
            let filler = String(repeating: "x", count: 1024)
            _ = try await client.send((0..<500).map { Command("SET", key: "filler-\($0)", filler) })
            _ = try await queue.insert(newTasks(1))
            server.kill()
            try server.start()
            var codes: Set<BackendError.Code> = []
            try await eventually("the server has loaded") {
                let code = await code { () async throws(BackendError) in _ = try await queue.depths() }
                if let code { codes.insert(code) }
                return code == nil
            }
            #expect(codes.isSubset(of: [.unavailable, .timeout]))
            #expect(!codes.isEmpty)
            #expect(try await queue.depths().map(\.counts) == [[.queued: 1]])
        }
    }

    @Test func aClientThatWasShutDownIsClosed() async throws {
        try await withServer { stage, server in
            let client = try stage.client(server.address)
            let queue = RedisQueue(client)
            await client.shutdown()
            #expect(await code { () async throws(BackendError) in _ = try await queue.insert(newTasks(1)) } == .closed)
        }
    }
}
#endif
