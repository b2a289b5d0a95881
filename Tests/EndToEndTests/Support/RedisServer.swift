import Foundation
import SojournTestKit
import Testing

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// A `redis-server` of one test, on a port of its own, with its data in a folder of the test.
struct RedisServer {
    static let executable: String? = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
        .map { $0 + "/redis-server" }.first(where: FileManager.default.isExecutableFile)

    let port: Int
    let url: String
    private let settings: [String]
    private let folder: URL
    private let program: Program

    /// Starts a server and waits until it takes connections; `settings` are options without their dashes.
    static func start(_ settings: [String] = [], in folder: URL) async throws -> RedisServer {
        // Somebody may listen on the port; then that server ends at once, and the next port is tried.
        for _ in 0..<100 {
            let port = Int.random(in: 20_000..<32_000)
            if let server = try await start(settings, port: port, in: folder) { return server }
        }
        throw TimedOut(description: "no port for redis-server")
    }

    /// The same server after its end: same port, same data.
    func restart() async throws -> RedisServer {
        let server = try await Self.start(settings, port: port, in: folder)
        return try #require(server, "redis-server did not start again")
    }

    /// Ends the process the hard way, and waits until it is gone.
    func kill() async throws {
        program.send(SIGKILL)
        try await program.wait()
    }

    private static func start(_ settings: [String], port: Int, in folder: URL) async throws -> RedisServer? {
        let arguments = ["--bind", "127.0.0.1", "--port", "\(port)", "--dir", folder.path] + settings
        let program = try Program(arguments, program: try #require(executable), in: folder)
        let isUp = try await eventually("redis-server is up or gone") {
            program.output.contains("Ready to accept connections") ? true : program.ending.map { _ in false }
        }
        guard isUp else { return nil }
        return RedisServer(
            port: port, url: "redis://127.0.0.1:\(port)", settings: settings, folder: folder, program: program)
    }
}

extension Site {
    /// Runs `body` with a site and a Redis of its own.
    static func withRedis(
        _ settings: [String] = ["--save", "", "--appendonly", "no"], environment: [String: String] = [:],
        _ body: (Site, RedisServer) async throws -> Void
    ) async throws {
        try await Site.with(environment: environment) { site in
            let redis = try await RedisServer.start(settings, in: site.folder)
            do {
                try await body(site, redis)
            } catch {
                try await redis.kill()
                throw error
            }
            try await redis.kill()
        }
    }

    /// Runs a command that must do what it was asked, and hands back what it prints.
    func command(_ arguments: [String]) async throws -> String {
        let result = try await run(arguments)
        guard result.status == .exit(0) else {
            throw TimedOut(description: "sojourn \(arguments.joined(separator: " ")): \(result)")
        }
        return result.output.trimmingCharacters(in: .newlines)
    }

    /// Runs `body` beside a worker; stops it afterwards, and fails where it does not stop well.
    func withWorker(
        _ arguments: [String], environment: [String: String] = [:], _ body: (Program) async throws -> Void
    ) async throws {
        let variables = self.environment.merging(environment) { $1 }
        let worker = try Program(["worker"] + arguments, environment: variables, in: folder)
        do {
            try await body(worker)
        } catch {
            worker.send(SIGKILL)
            throw TimedOut(description: "\(error); the worker: \(worker.errors)")
        }
        worker.send(SIGTERM)
        let ending = try await worker.wait()
        #expect(ending == .exit(0), "\(worker.errors)")
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where no `redis-server` is installed.
    static var needsRedis: Self { .enabled(if: RedisServer.executable != nil, "redis-server is not installed") }
}
