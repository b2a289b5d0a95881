#if Redis
import Foundation
import Logging
import RESP
import SojournConformance
import SojournCore
import SojournRedis
import Synchronization

/// The server and clients of one test; all of them end with it.
final class Stage: Sendable {
    let folder: URL
    let server: RedisProcess
    private let clients = Mutex<[RedisClient]>([])

    /// A server that takes connections; `settings` are lines of its configuration.
    init(_ settings: [String]) async throws {
        let name = "sojourn-redis-" + String(UInt32.random(in: .min ... .max), radix: 36)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        server = try RedisProcess(settings, in: folder)
        try server.start()
        try await server.isUp()
    }

    /// A client of its own.
    func client(_ configuration: RedisConfiguration = RedisConfiguration()) throws -> RedisClient {
        // What goes wrong here goes wrong on purpose.
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let client = try RedisClient(server.address, configuration: configuration, logger: logger)
        clients.withLock { $0.append(client) }
        return client
    }

    /// A queue with a client of its own, as another process would have it.
    func queue(time: any TimeSource, timeout: Duration = .seconds(5)) throws -> RedisQueue {
        RedisQueue(try client(RedisConfiguration(commandTimeout: timeout)), time: time)
    }

    /// A subject that can be closed and opened again, any number of times.
    func subject(time: ManualTime) throws -> ConformanceSubject {
        let queue = try queue(time: time)
        return ConformanceSubject(store: queue, backend: queue, time: time) {
            try await queue.close()
            return try self.subject(time: time)
        }
    }

    fileprivate func end() async {
        for client in clients.withLock({ $0 }) { await client.shutdown() }
        server.kill()
        try? FileManager.default.removeItem(at: folder)
    }
}

/// Runs `body` with a server, and clears it away whatever happened.
func withServer(_ settings: [String] = [], _ body: (Stage) async throws -> Void) async throws {
    let stage = try await Stage(settings)
    do {
        try await body(stage)
    } catch {
        await stage.end()
        throw error
    }
    await stage.end()
}

/// Returns as soon as `condition` holds; throws where it does not within `limit`.
func eventually(
    _ what: String, within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        if ContinuousClock.now > end { throw RedisTestError("waited in vain for: \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
#endif
