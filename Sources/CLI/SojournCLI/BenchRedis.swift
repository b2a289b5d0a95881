#if Redis
import Foundation
import SojournBench
import SojournCore
import SojournModel
import SojournRedis

/// Redis, as `sojourn bench` measures it: a server of our own, or an empty database that the caller names.
struct BenchRedis {
    /// What a server of our own does with its log.
    enum Durability: String, CaseIterable {
        case none = "redis"
        case everySecond = "redis-everysec"

        fileprivate var options: [String] {
            switch self {
            case .none: ["--appendonly", "no"]
            case .everySecond: ["--appendonly", "yes", "--appendfsync", "everysec"]
            }
        }
    }

    private let name: String
    private let address: String
    private let server: Process?

    /// Uses the database at `url`.
    ///
    /// - Throws: ``CommandFailure`` where it is not empty: it is cleared for each figure.
    init(url: String) async throws {
        name = "redis"
        server = nil
        address = url
        let keys: Int
        do {
            keys = try await measured { meter in try await meter.keys() }
        } catch let error as BackendError {
            throw CommandFailure(.usage, "--redis: \(error.message)")
        }
        guard keys == 0 else {
            throw CommandFailure(
                .usage, "The database has \(keys) keys, and each figure clears it: give bench an empty one.")
        }
    }

    /// Starts a `redis-server` in `folder`.
    init(_ durability: Durability, in folder: URL) async throws {
        name = durability.rawValue
        guard let program = Self.program else {
            throw CommandFailure("There is no redis-server on the PATH; install one, or give --redis URL.")
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for _ in 0..<20 {
            let port = Int.random(in: 20_000..<32_000)
            let process = Process()
            process.executableURL = program
            process.arguments =
                ["--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--dir", folder.path] + durability.options
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            try process.run()
            let candidate = "redis://127.0.0.1:\(port)"
            if await Self.answers(candidate, while: process) {
                (server, address) = (process, candidate)
                return
            }
            process.terminate()
        }
        throw CommandFailure("redis-server did not start.")
    }

    /// Ends a server of our own.
    func close() {
        server?.terminate()
        server?.waitUntilExit()
    }

    /// What is measured.
    var subject: BenchSubject {
        BenchSubject(
            name: name,
            open: {
                try await measured { meter in try await meter.clear() }
                let redis = try RedisConnection(address)
                return .init(
                    queue: LocalTaskQueue(store: redis.queue, backend: redis.queue), close: redis.close)
            },
            storedBytes: { try await measured { meter in try await meter.usedBytes() } },
            rawLimit: { count in
                try await measured { meter in
                    try await meter.clear()
                    return try await meter.drainSpeed(count)
                }
            })
    }

    private func measured<Value: Sendable>(
        _ body: (RedisMeter) async throws -> Value
    ) async throws -> Value {
        let meter = try RedisMeter(address)
        let result: Result<Value, any Error>
        do { result = .success(try await body(meter)) } catch { result = .failure(error) }
        await meter.close()
        return try result.get()
    }

    private static var program: URL? {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.map { URL(fileURLWithPath: "\($0)/redis-server") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    private static func answers(_ address: String, while process: Process) async -> Bool {
        guard let meter = try? RedisMeter(address) else { return false }
        let keys = try? await meter.keys()
        await meter.close()
        return keys != nil && process.isRunning
    }
}
#endif
