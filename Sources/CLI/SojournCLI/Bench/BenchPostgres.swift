#if Postgres
import Foundation
import SojournBench
import SojournCore
import SojournModel
import SojournPostgres

#if Redis
import SojournRedis
#endif

/// Postgres, as `sojourn bench` measures it: a server of our own with its default settings, or a database that the
/// caller names, in a schema of our own.
struct BenchPostgres {
    private let url: String
    private let meter: PostgresMeter

    init(url: String) {
        self.url = url
        meter = PostgresMeter(url)
    }

    /// Runs a server in `folder` while `body` measures it.
    static func withServer<Value: Sendable>(
        in folder: URL, _ body: @Sendable (BenchPostgres) async throws -> Value
    ) async throws -> Value {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let data = folder.appendingPathComponent("data").path
        let port = Int.random(in: 20_000..<32_000)
        // It refuses to run as root.
        let user = geteuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        if geteuid() == 0, let postgres = getpwnam("postgres") {
            chown(folder.path, postgres.pointee.pw_uid, postgres.pointee.pw_gid)
            chmod(folder.deletingLastPathComponent().path, 0o755)
        }
        try await BenchServer.finish(user + [program("initdb"), "-A", "trust", "-U", "postgres", "-D", data])
        let server = [
            program("postgres"), "-D", data, "-p", "\(port)", "-c", "listen_addresses=127.0.0.1", "-k", folder.path,
        ]
        let words = user + server
        return try await BenchServer.run(words[0], Array(words.dropFirst())) {
            // Whoever else has the port, the socket is this server's; measured is the way that applications go.
            try await BenchPostgres(url: "host=\(folder.path) port=\(port) user=postgres dbname=postgres").isUp()
            return try await body(BenchPostgres(url: "postgres://postgres@127.0.0.1:\(port)/postgres"))
        }
    }

    private func isUp() async throws {
        let time = SystemTime()
        for _ in 0..<100 {
            if (try? await meter.usedBytes()) != nil { return }
            try await time.sleep(for: .milliseconds(100))
        }
        throw CommandFailure("postgres is not ready after 10 seconds.")
    }

    /// A program of the server, which is often not on the PATH.
    private static func program(_ name: String) -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let versions = (13...20).reversed().map { "/usr/lib/postgresql/\($0)/bin" }
        return (versions + folders).map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) } ?? name
    }

    /// Postgres by itself.
    var subject: BenchSubject {
        subject("postgres") {
            let postgres = try meter.connection()
            return .init(
                queue: LocalTaskQueue(store: postgres.queue, backend: postgres.queue), close: postgres.close)
        }
    }

    #if Redis
    /// Postgres with hints in that Redis.
    func hinted(by redis: BenchRedis) -> BenchSubject {
        subject("redis+postgres") {
            // Hints of the figure before would be looked at, and found to be stale.
            try await redis.clear()
            let redis = try RedisConnection(redis.address)
            let postgres = try meter.connection()
            let queue = HintedQueue(store: postgres.queue, hints: redis.hints)
            // The first look finds Redis empty, and fills it.
            _ = try await queue.unpublished(limit: 1)
            return .init(queue: LocalTaskQueue(store: queue, backend: queue)) {
                await redis.close()
                await postgres.close()
            }
        }
    }
    #endif

    private func subject(
        _ name: String, _ open: @escaping @Sendable () async throws -> BenchSubject.Opened
    ) -> BenchSubject {
        return BenchSubject(
            name: name, load: .init(batch: 500, producers: 64),
            open: {
                try await meter.clear()
                return try await open()
            },
            storedBytes: { try await meter.usedBytes() }, rawLimit: { try await meter.drainSpeed($0) },
            enqueueHTTP: BenchHTTP.enqueue)
    }
}
#endif
