#if Redis
import Logging
import RESP
import RedisTestKit
import ServiceLifecycle
import SojournCore
import SojournModel
import SojournRedis
import SojournServer
import SojournTestKit
import SojournWorker
import Testing

@Suite("Nothing to do", .needsRedis) struct IdleTests {
    /// A worker that waits, and duties with nothing to do, as settings leave them.
    @Test func anIdleWorkerHardlyAsks() async throws {
        try await withServer { stage, server in
            let redis = try stage.queue(on: server.address)
            let observer = try stage.client(server.address)
            let queue = LocalTaskQueue(store: redis, backend: redis)
            var handlers = HandlerRegistry()
            handlers.register(Application.type) { _, _ in .succeeded() }
            let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
            _ = try await queue.enqueue([Application(store: redis, backend: redis, log: LogBook()).newTask()])
            let workers = (0..<2).map { _ in
                Worker(
                    source: queue, handlers: handlers, configuration: WorkerConfiguration(name: "worker"),
                    logger: quiet)
            }
            let alone = try await commandsPerSecond(observer, [Listening(redis: redis), workers[0]], quiet)
            #expect(alone < 2)
            let server = Server(queue: queue, logger: quiet)
            let duties = try await commandsPerSecond(observer, [server, workers[1]], quiet)
            #expect(duties < 10)
            print("idle: \(alone) commands per second of a worker, \(duties) with the duties of a server")
        }
    }

    private struct Listening: Service {
        let redis: RedisQueue
        func run() async throws { await cancelWhenGracefulShutdown { try? await redis.run() } }
    }

    /// Counts what scripts do inside as well.
    private func commandsPerSecond(
        _ observer: RedisClient, _ services: [any Service], _ logger: Logger
    ) async throws -> Double {
        let group = ServiceGroup(services: services, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            // Until what there is to do at the start is done.
            var before = try await calls(observer)
            try await eventually("nothing happens for half a second") {
                try await Task.sleep(for: .milliseconds(500))
                let now = try await calls(observer)
                defer { before = now }
                return now - before < 5
            }
            let seconds = 3.0
            before = try await calls(observer)
            try await Task.sleep(for: .seconds(seconds))
            let after = try await calls(observer)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return Double(after - before) / seconds
        }
    }

    private func calls(_ client: RedisClient) async throws -> Int {
        try await client.info("commandstats").reduce(0) { sum, line in
            guard line.key != "cmdstat_info", line.value.hasPrefix("calls=") else { return sum }
            return sum + (Int(line.value.dropFirst(6).prefix { $0.isNumber }) ?? 0)
        }
    }
}
#endif
