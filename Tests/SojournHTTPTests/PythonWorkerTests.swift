#if HTTP
import Foundation
import SojournCore
import SojournHTTP
import SojournModel
import SojournTestKit
import SojournWire
import Testing

/// The worker in another language, from claim to graceful stop.
@Suite("The worker in Python", .enabled(if: Python.has("json"))) struct PythonWorkerTests {
    @Test func runsTasks() async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Examples/python-worker/worker.py").standardizedFileURL
        try await TestServer.with {
            $0.apiKeys = ["a-key"]
        } _: { server in
            let now = server.queue.time.now()
            func task(_ number: UInt64, _ type: TaskType, _ payload: String) -> NewTask {
                let message = TaskMessage(
                    id: TaskID(high: 1, low: number), type: type, queue: "python", payload: Array(payload.utf8),
                    maxRetries: 0, enqueuedAt: now, availableAt: now)
                return NewTask(message: message)
            }
            _ = try await server.queue.enqueue([
                task(1, "add", "[1, 2, 3]"), task(2, "add", #""no list""#), task(3, "noop", "null"),
            ])
            let worker = try Child(
                ["python3", script.path, server.url, "python"],
                environment: ProcessInfo.processInfo.environment.merging(["SOJOURN_API_KEY": "a-key"]) { $1 })
            defer { worker.send(SIGTERM) }
            try await server.until { ($0.total[.queued], $0.total[.running], $0.total[.dead]) == (0, 0, 1) }
            let sum = try #require(try await server.queue.store.task(TaskID(high: 1, low: 1)))
            #expect(
                sum.result == Array("6".utf8)
                    && sum.attempts.last?.worker.contains("\(worker.pid)") == true)
            let wrong = try await server.queue.store.task(TaskID(high: 1, low: 2))
            #expect(wrong?.lastError?.contains("TypeError") == true)

            worker.send(SIGTERM)
            // Ends the wait of a claim that is under way.
            _ = try await server.queue.enqueue([task(4, "noop", "null")])
            #expect(try await onThread { worker.wait() } == .exit(0), "a graceful stop")
        }
    }
}
#endif
