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
    let address: String

    /// Uses the database at `url`.
    ///
    /// - Throws: ``CommandFailure`` where it is not empty: it is cleared for each figure.
    init(url: String) async throws {
        name = "redis"
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

    private init(name: String, address: String) { (self.name, self.address) = (name, address) }

    /// Runs a `redis-server` in `folder` while `body` measures it.
    static func withServer<Value: Sendable>(
        _ durability: Durability, in folder: URL, _ body: @Sendable (BenchRedis) async throws -> Value
    ) async throws -> Value {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let port = Int.random(in: 20_000..<32_000)
        let socket = folder.appendingPathComponent("redis.sock").path
        let arguments =
            ["--port", "\(port)", "--bind", "127.0.0.1", "--unixsocket", socket, "--save", "", "--dir", folder.path]
        return try await BenchServer.run("redis-server", arguments + durability.options) {
            // Whoever else has the port, the socket is this server's; measured is the way that applications go.
            try await BenchRedis(name: durability.rawValue, address: "unix://\(socket)").isUp()
            return try await body(BenchRedis(name: durability.rawValue, address: "redis://127.0.0.1:\(port)"))
        }
    }

    private func isUp() async throws {
        let time = SystemTime()
        for _ in 0..<100 {
            if (try? await measured({ meter in try await meter.keys() })) != nil { return }
            try await time.sleep(for: .milliseconds(50))
        }
        throw CommandFailure("redis-server is not ready after 5 seconds.")
    }

    /// What is measured.
    var subject: BenchSubject {
        BenchSubject(
            name: name, load: .init(batch: 1_000, producers: 10),
            open: {
                try await clear()
                let redis = try RedisConnection(address)
                return .init(
                    queue: LocalTaskQueue(store: redis.queue, backend: redis.queue), close: redis.close)
            },
            settle: {
                let time = SystemTime()
                while try await measured({ meter in try await meter.isRewriting() }) {
                    try await time.sleep(for: .milliseconds(100))
                }
            },
            storedBytes: { try await measured { meter in try await meter.usedBytes() } },
            rawLimit: { count in
                try await measured { meter in
                    try await meter.clear()
                    return try await meter.drainSpeed(count)
                }
            }, enqueueHTTP: BenchHTTP.enqueue)
    }

    /// Empties the database.
    func clear() async throws { try await measured { meter in try await meter.clear() } }

    private func measured<Value: Sendable>(
        _ body: (RedisMeter) async throws -> Value
    ) async throws -> Value {
        let meter = try RedisMeter(address)
        let result: Result<Value, any Error>
        do { result = .success(try await body(meter)) } catch { result = .failure(error) }
        await meter.close()
        return try result.get()
    }
}
#endif
