#if Redis
public import Foundation
public import Logging
public import RESP
import Synchronization

/// The servers and clients of one test; all of them end with it.
public final class Stage: Sendable {
    /// Where the servers have their folders.
    public let folder: URL
    private let processes = Mutex<[RedisProcess]>([])
    private let clients = Mutex<[RedisClient]>([])
    private let proxies = Mutex<[RedisProxy]>([])

    fileprivate init() throws {
        // Short: the path of a Unix socket may have a hundred characters only.
        let name = "redis-" + String(UInt32.random(in: .min ... .max), radix: 36)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// A server that takes connections; `settings` are lines of its configuration.
    public func server(
        _ settings: [String] = [], isSentinel: Bool = false, port: Int? = nil
    ) async throws -> RedisProcess {
        let server = try prepare(settings, isSentinel: isSentinel, port: port)
        try server.start()
        try await server.isUp()
        return server
    }

    /// A server that does not run yet.
    public func prepare(
        _ settings: [String] = [], isSentinel: Bool = false, port: Int? = nil
    ) throws -> RedisProcess {
        let server = try RedisProcess(settings, in: folder, isSentinel: isSentinel, port: port)
        processes.withLock { $0.append(server) }
        return server
    }

    /// A server that speaks only TLS and wants a password, and its address.
    public func secureServer(
        password: String = "hunter2", _ settings: [String] = []
    ) async throws -> (server: RedisProcess, address: RedisAddress) {
        let certificates = try Certificates("IP:127.0.0.1", in: folder)
        let server = try await server(
            ["port 0", "requirepass \(password)"] + certificates.settings + settings, port: certificates.port)
        var address = server.address
        address.password = password
        address.tls = RedisAddress.TLS(authorityFile: certificates.authority.path)
        return (server, address)
    }

    /// A client of its own. Unless told otherwise it logs nothing: what goes wrong in a test goes wrong on purpose.
    public func client(
        _ address: RedisAddress, _ configuration: RedisConfiguration = RedisConfiguration(), logger: Logger? = nil
    ) throws -> RedisClient {
        var quiet = Logger(label: "test")
        quiet.logLevel = .critical
        let client = try RedisClient(address, configuration: configuration, logger: logger ?? quiet)
        clients.withLock { $0.append(client) }
        return client
    }

    /// A proxy to `server`, which must speak without TLS.
    public func proxy(to server: RedisProcess) async throws -> RedisProxy {
        let proxy = try await RedisProxy.open(to: server)
        proxies.withLock { $0.append(proxy) }
        return proxy
    }

    fileprivate func end() async {
        for client in clients.withLock({ $0 }) { await client.shutdown() }
        for proxy in proxies.withLock({ $0 }) { await proxy.close() }
        for process in processes.withLock({ $0 }) { process.kill() }
        try? FileManager.default.removeItem(at: folder)
    }
}

/// Runs `body` with a stage, and clears it away whatever happened.
public func withStage(_ body: (Stage) async throws -> Void) async throws {
    let stage = try Stage()
    do {
        try await body(stage)
    } catch {
        await stage.end()
        throw error
    }
    await stage.end()
}
#endif
