#if HTTP
import Logging
import ServiceLifecycle
import SojournCore
import SojournHTTP
import SojournMemory
import SojournModel
import SojournTestKit
import SojournWire

/// A server on a port of its own, over a queue in memory.
struct TestServer: Sendable {
    let queue: LocalTaskQueue
    let port: Int
    let services: ServiceGroup

    var host: String { "127.0.0.1:\(port)" }
    var url: String { "http://\(host)" }

    /// Starts a server, hands it to `body`, and shuts it down.
    @discardableResult
    static func with<Result: Sendable>(
        time: any TimeSource = SystemTime(), store: (any TaskStore & QueueBackend)? = nil,
        configure: (inout HTTPServerConfiguration) -> Void = { _ in },
        _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        let memory = store ?? MemoryQueue(time: time)
        let queue = LocalTaskQueue(store: memory, backend: memory, time: time)
        let (ports, port) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingOldest(1))
        var configuration = HTTPServerConfiguration(port: 0)
        configure(&configuration)
        configuration.onListening = { port.yield($0) }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try HTTPServer(queue: queue, configuration: configuration, logger: logger)
        let services = ServiceGroup(configuration: .init(services: [server], logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { port.finish() }
                try await services.run()
            }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else {
                try await group.waitForAll()
                throw StartError()
            }
            do {
                let result = try await body(TestServer(queue: queue, port: port, services: services))
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
                return result
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }

    struct StartError: Error {}
    struct Impatient: Error {}
}

// MARK: - Requests

extension TestServer {
    /// One request on a connection of its own.
    func request(
        _ method: String, _ path: String, _ body: String? = nil, headers: [(String, String)] = []
    ) async throws -> Reply {
        try await request(method, path, bytes: body.map { Array($0.utf8) }, headers: headers)
    }

    func request(
        _ method: String, _ path: String, bytes: [UInt8]?, headers: [(String, String)] = []
    ) async throws -> Reply {
        let text = Self.head(method, path, host: host, length: bytes?.count, headers)
        return try await raw { socket in
            try socket.send(Array(text.utf8) + (bytes ?? []))
            return try socket.reply(toHead: method == "HEAD")
        }
    }

    func get(_ path: String, headers: [(String, String)] = []) async throws -> Reply {
        try await request("GET", path, headers: headers)
    }

    func post(_ path: String, _ body: String? = nil, headers: [(String, String)] = []) async throws -> Reply {
        try await request("POST", path, body, headers: headers)
    }

    /// Talks on a connection of its own, on a thread of its own, because the socket blocks.
    func raw<Result: Sendable>(
        _ talk: @escaping @Sendable (RawSocket) throws -> Result
    ) async throws -> Result {
        let port = self.port
        return try await onThread {
            let socket = try RawSocket(port: port)
            defer { socket.close() }
            return try talk(socket)
        }
    }

    /// Talks, goes on with `rest` while the connection stays open, and closes it.
    func raw<Result: Sendable>(
        _ talk: @escaping @Sendable (RawSocket) throws -> RawSocket,
        then rest: (RawSocket) async throws -> Result
    ) async throws -> Result {
        let port = self.port
        let socket = try await onThread { try talk(try RawSocket(port: port)) }
        defer { socket.close() }
        return try await rest(socket)
    }

    /// A head with the usual fields, except those that `headers` names itself; an empty value leaves one out.
    static func head(
        _ method: String, _ path: String, host: String, length: Int?, _ headers: [(String, String)] = []
    ) -> String {
        var fields = [("Host", host)]
        if let length { fields += [("Content-Type", "application/json"), ("Content-Length", String(length))] }
        let own = Set(headers.map { $0.0.lowercased() })
        let all = fields.filter { !own.contains($0.0.lowercased()) } + headers.filter { !$0.1.isEmpty }
        return "\(method) \(path) HTTP/1.1\r\n" + all.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
    }
}

// MARK: - Shortcuts

extension ManualTime {
    /// Returns once the right number of callers sleep on this clock.
    func until(_ isRight: (Int) -> Bool) async { while !isRight(sleeping) { await Task.yield() } }
}

extension TestServer {
    /// Enqueues a task and gives its identifier.
    @discardableResult
    func enqueue(_ body: String = #"{"type":"email.send","payload":{"to":"ellen"}}"#) async throws -> TaskID {
        let reply = try await post("/tasks", body)
        return try EnqueueAnswer(bytes: reply.body).taskID
    }

    /// Claims one task.
    func claim(_ body: String = #"{"worker":"w"}"#) async throws -> Delivery? {
        try LeaseAnswer(bytes: try await post("/leases", body).body).deliveries.first
    }

    /// Reports one attempt; the word for what became of the report.
    func complete(_ delivery: Delivery, _ rest: String) async throws -> String {
        let reply = try await post(
            "/leases/complete",
            #"{"results":[{"task_id":"\#(delivery.lease.task)","token":"\#(delivery.lease.token)",\#(rest)}]}"#)
        guard reply.status == 200 else { return reply.text }
        return try CompleteAnswer(bytes: reply.body).statuses == [.settled] ? "ok" : "lost"
    }

    /// Returns once the counts are as they should be; a test that waits for too long fails.
    func until(_ isRight: (StatsView) -> Bool) async throws {
        let end = ContinuousClock.now.advanced(by: .seconds(20))
        while !isRight(StatsView(try await queue.backend.depths())) {
            guard ContinuousClock.now < end else { throw Impatient() }
            await Task.yield()
        }
    }

    /// Everything that the store holds, as a sum that changes with every write.
    func taskCount() async throws -> Int {
        try await queue.backend.depths().reduce(0) { $0 + $1.counts.values.reduce(0, +) }
    }
}
#endif
