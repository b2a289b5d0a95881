#if Redis
import Foundation
import Logging
import RESP
import Synchronization

/// The servers and clients of one test; all of them end with it.
final class Stage: Sendable {
    let folder: URL
    private let processes = Mutex<[RedisProcess]>([])
    private let clients = Mutex<[RedisClient]>([])

    init() throws {
        // Short: the path of a Unix socket may have a hundred characters only.
        let name = "resp-" + String(UInt32.random(in: .min ... .max), radix: 36)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// A server that takes connections; `settings` are lines of its configuration.
    func server(
        _ settings: [String] = [], isSentinel: Bool = false, port: Int? = nil
    ) async throws -> RedisProcess {
        let server = try RedisProcess(settings, in: folder, isSentinel: isSentinel, port: port)
        processes.withLock { $0.append(server) }
        try server.start()
        try await server.isUp()
        return server
    }

    func client(
        _ address: RedisAddress, _ configuration: RedisConfiguration = RedisConfiguration()
    ) throws -> RedisClient {
        // What goes wrong here goes wrong on purpose.
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let client = try RedisClient(address, configuration: configuration, logger: logger)
        clients.withLock { $0.append(client) }
        return client
    }

    func end() async {
        for client in clients.withLock({ $0 }) { await client.shutdown() }
        for process in processes.withLock({ $0 }) {
            process.signal(SIGCONT)
            process.kill()
        }
        try? FileManager.default.removeItem(at: folder)
    }
}

/// Runs `body` with a stage, and clears it afterwards whatever happened.
func withStage(_ body: (Stage) async throws -> Void) async throws {
    let stage = try Stage()
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

/// What `body` comes to, for an `async let` whose error is looked at later.
func result(_ body: @Sendable () async throws -> RESPValue) async -> Result<RESPValue, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
}
#endif
