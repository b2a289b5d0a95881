import SojournCore

#if HTTP
import Logging
import ServiceLifecycle
import SojournBench
import SojournClient
import SojournHTTP
import SojournModel
import SojournWire
#endif

/// Single requests over HTTP, as `sojourn bench` measures them.
enum BenchHTTP {
    #if HTTP
    /// The speed of so many requests against a queue.
    static let enqueue: (@Sendable (LocalTaskQueue, Int) async throws -> Double)? = { queue, count in
        try await enqueueSpeed(queue, count: count)
    }
    /// Connections that ask at once.
    private static let connections = 64

    /// Serves `queue` on a free loopback port and posts `count` tasks one by one; answers per second, each of them
    /// after its task was durable. Client and server share the machine and this process.
    static func enqueueSpeed(_ queue: LocalTaskQueue, count: Int) async throws -> Double {
        let port = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        var configuration = HTTPServerConfiguration(port: 0)
        configuration.onListening = { port.continuation.yield($0) }
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        let server = try HTTPServer(queue: queue, configuration: configuration, logger: logger)
        let group = ServiceGroup(services: [server], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                // Where it cannot listen, nobody waits for its port.
                defer { port.continuation.finish() }
                try await group.run()
            }
            guard let bound = await port.stream.first(where: { _ in true }) else {
                try await tasks.waitForAll()
                throw CancellationError()
            }
            let speed = try await post(count, to: "http://127.0.0.1:\(bound)", time: queue.time)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return speed
        }
    }

    private static func post(_ count: Int, to url: String, time: any TimeSource) async throws -> Double {
        let client = try SojournClient(url)
        return try await finally(client.shutdown) {
            // Connections are opened, and what is made once is made.
            try await postAll(10, client, time)
            let start = time.now()
            try await postAll(count / connections, client, time)
            return Double(count / connections * connections) / time.now().duration(since: start).inSeconds
        }
    }

    /// So many from each connection.
    private static func postAll(_ count: Int, _ client: SojournClient, _ time: any TimeSource) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<connections { group.addTask { try await postSome(count, client, time) } }
            try await group.waitForAll()
        }
    }

    private static func postSome(_ count: Int, _ client: SojournClient, _ time: any TimeSource) async throws {
        let payload = [UInt8]("\"\(String(repeating: "x", count: 98))\"".utf8)
        for _ in 0..<count {
            let message = TaskMessage(type: "noop", payload: payload, now: time.now())
            _ = try await client.enqueue([NewTask(message: message)])
        }
    }
    #else
    /// A binary without HTTP measures none.
    static let enqueue: (@Sendable (LocalTaskQueue, Int) async throws -> Double)? = nil
    #endif
}
