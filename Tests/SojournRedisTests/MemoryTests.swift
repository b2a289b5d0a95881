#if Redis
import RESP
import RedisTestKit
import SojournCore
import SojournModel
import SojournTestKit
import Testing

@Suite("Redis without memory left", .needsRedis) struct MemoryTests {
    @Test func takesNothingNewAndLosesNothing() async throws {
        try await withServer(["enable-debug-command yes", "maxmemory-policy noeviction"]) { stage, server in
            let application = try Application(on: server.address, stage)
            let other = try stage.client(server.address)
            let refused = try await fill(application, other)
            try await isRefusedWhole(application, other)
            try await application.run {
                // What is in goes on and makes room.
                try await application.makesProgress(100)
                #expect(application.log.lines.isEmpty)
                try await other.configure("maxmemory", "0")
                try await application.resumes()
                try await application.offer(refused)
                try await application.comesToRest()
            }
            try await application.check()
        }
    }

    /// Fills the server until it takes nothing more; the tasks that it refused.
    private func fill(_ application: Application, _ other: RedisClient) async throws -> [NewTask] {
        let used = try #require(Int(try await other.info("memory")["used_memory"] ?? ""))
        try await other.configure("maxmemory", "\(used + 2 << 20)")
        while true {
            let batch = (0..<10).map { index in
                application.newTask(
                    queue: index < 5 ? "queue-0" : "queue-1", after: index % 2 == 0 ? .zero : .milliseconds(500),
                    bytes: 4_096, key: index == 0 ? "\(UInt64.random(in: .min ... .max))" : nil)
            }
            do throws(BackendError) {
                _ = try await application.queue.enqueue(batch)
                application.history.accept(batch)
            } catch {
                #expect(error.code == .full)
                #expect(error.message.contains("memory"))
                // From here on it stays full, whatever becomes free meanwhile.
                try await other.configure("maxmemory", "1mb")
                return batch
            }
        }
    }

    /// What is refused changes nothing.
    private func isRefusedWhole(_ application: Application, _ other: RedisClient) async throws {
        let tasks = (0..<10).map { index in
            application.newTask(
                queue: index < 5 ? "queue-0" : "queue-1", bytes: 4_096,
                key: index == 0 ? "\(UInt64.random(in: .min ... .max))" : nil)
        }
        let before = try await other.send(Command("DEBUG", key: nil, "DIGEST")).text
        for part in [tasks, Array(tasks.prefix(5)), Array(tasks.suffix(5)), [tasks[0]]] {
            let error = await #expect(throws: BackendError.self) { try await application.queue.enqueue(part) }
            #expect(error?.code == .full)
        }
        #expect(try await other.send(Command("DEBUG", key: nil, "DIGEST")).text == before)
        let depths = try await application.queue.backend.depths()
        let count = depths.reduce(0) { $0 + $1.counts.values.reduce(0, +) }
        // The batch that did not fit may have found room for the half that is in one queue.
        let extra = count - application.history.accepted.count
        #expect([0, 5].contains(extra))
    }
}
#endif
