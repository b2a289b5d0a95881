#if Redis
import Foundation
import NIOCore
import NIOPosix
import RESP
import Synchronization
import Testing

/// One `redis-server` of a test, on a free port of the loopback interface, in a folder of its own.
final class RedisProcess: Sendable {
    static let executable: String? = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
        .map { $0 + "/redis-server" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    let port: Int
    let folder: URL
    private let settings: [String]
    private let process = Mutex<Process?>(nil)

    /// Prepares a server; `settings` are lines of its configuration.
    init(_ settings: [String] = [], in folder: URL) throws {
        port = try FreePort.next()
        self.folder = folder.appendingPathComponent("\(port)")
        self.settings = settings
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    }

    var endpoint: RedisEndpoint { .host("127.0.0.1", port: port) }
    var address: RedisAddress { RedisAddress(.single(endpoint)) }

    func start() throws {
        let file = folder.appendingPathComponent("redis.conf")
        let common = [
            "bind 127.0.0.1", "port \(port)", "protected-mode no", "dir \(folder.path)", "logfile log", "save \"\"",
        ]
        try (common + settings).joined(separator: "\n").write(to: file, atomically: false, encoding: .utf8)
        let new = Process()
        new.executableURL = URL(fileURLWithPath: try #require(Self.executable))
        new.arguments = [file.path]
        new.standardOutput = FileHandle.nullDevice
        new.standardError = FileHandle.nullDevice
        try new.run()
        process.withLock { $0 = new }
    }

    /// Returns when the server takes connections.
    func isUp() async throws {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        try await eventually("the server on port \(port) is up") {
            guard let channel = try? await bootstrap.connect(host: "127.0.0.1", port: port).get() else { return false }
            try await channel.close().get()
            return true
        }
    }

    /// Ends the process the hard way, and waits until it is gone.
    func kill() {
        process.withLock { process in
            guard let running = process else { return }
            Foundation.kill(running.processIdentifier, SIGKILL)
            running.waitUntilExit()
            process = nil
        }
    }
}

/// Ports that nobody listens on, below those that the system gives to outgoing connections.
enum FreePort {
    private static let last = Mutex(Int.random(in: 10_000..<28_000))

    static func next() throws -> Int {
        for _ in 0..<1000 {
            let port = last.withLock { last in
                last = last >= 31_000 ? 10_000 : last + 1
                return last
            }
            if isFree(port) { return port }
        }
        throw RedisTestError("there is no free port")
    }

    private static func isFree(_ port: Int) -> Bool {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        guard let channel = try? bootstrap.bind(host: "127.0.0.1", port: port).wait() else { return false }
        return (try? channel.close().wait()) != nil
    }
}

struct RedisTestError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where no `redis-server` is installed.
    static var needsRedis: Self {
        .enabled(if: RedisProcess.executable != nil, "redis-server is not installed")
    }
}
#endif
