#if Redis
import Foundation
import RESP
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
    private let address: RedisAddress
    private let server: Process?

    /// Uses the database at `url`.
    ///
    /// - Throws: ``CommandFailure`` where it is not empty: it is cleared for each figure.
    init(url: String) async throws {
        name = "redis"
        server = nil
        do throws(RESPError) {
            address = try RedisAddress(parsing: url)
        } catch {
            throw CommandFailure(.usage, "--redis: \(error.message)")
        }
        let size = try await ask(Command("DBSIZE")).integer ?? 0
        guard size == 0 else {
            throw CommandFailure(
                .usage, "The database has \(size) keys, and each figure clears it: give bench an empty one.")
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
            let candidate = RedisAddress(.single(.host("127.0.0.1", port: port)))
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
                _ = try await ask(Command("FLUSHDB"))
                let client = try RedisClient(address)
                let redis = RedisQueue(client)
                return .init(queue: LocalTaskQueue(store: redis, backend: redis)) {
                    try? await redis.close()
                    await client.shutdown()
                }
            },
            storedBytes: {
                let text = try await ask(Command("INFO", key: nil, "memory")).text ?? ""
                let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("used_memory:") }
                return line.flatMap { Int($0.dropFirst("used_memory:".count)) } ?? 0
            },
            rawLimit: { count in
                _ = try await ask(Command("FLUSHDB"))
                let client = try RedisClient(address)
                let speed: Result<Double, any Error>
                do { speed = .success(try await RedisRawLimit.drain(count, on: client)) } catch {
                    speed = .failure(error)
                }
                await client.shutdown()
                return try speed.get()
            })
    }

    private func ask(_ command: Command) async throws -> RESPValue {
        let client = try RedisClient(address)
        let value: Result<RESPValue, RESPError>
        do throws(RESPError) { value = .success(try await client.send(command)) } catch { value = .failure(error) }
        await client.shutdown()
        return try value.get()
    }

    private static var program: URL? {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.map { URL(fileURLWithPath: "\($0)/redis-server") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    private static func answers(_ address: RedisAddress, while process: Process) async -> Bool {
        guard let client = try? RedisClient(address) else { return false }
        let pong = try? await client.send(Command("PING"), timeout: .seconds(5))
        await client.shutdown()
        return pong != nil && process.isRunning
    }
}
#endif
