import Logging
import SojournConfiguration
import SojournCore

#if SQLite
import SojournSQLite
#endif
#if Redis
import SojournRedis
#endif

/// Where tasks are kept and how they move: the choice of the backend, made here and nowhere else.
struct Storage: Sendable {
    let store: any TaskStore
    let backend: any QueueBackend
    /// Where it is, for people; without secrets.
    let place: String
    /// What whoever runs the database should know.
    let warnings: [String]
    /// Ends it. Call it once nothing uses it any more.
    let close: @Sendable () async -> Void

    /// Who opens it.
    enum Purpose {
        /// A server or a worker, which stays.
        case process
        /// A command, whose user waits.
        case command
    }

    /// Opens what the settings ask for.
    static func open(_ settings: Settings, for purpose: Purpose = .process) async throws -> Storage {
        try refuseMissing(settings)
        if let url = settings.redis.url { return try await redis(url, settings.redis.password, for: purpose) }
        return try sqlite(settings.server.dataDirectory)
    }

    /// Refuses what this binary cannot do: tasks must not end up in another place than the settings say.
    static func refuseMissing(_ settings: Settings) throws(CommandFailure) {
        if settings.postgres.url != nil { throw .builtWithout("Postgres") }
    }

    /// Store and backend behind one face.
    func queue(_ settings: Settings, traffic: (any TrafficControl)? = nil) -> LocalTaskQueue {
        LocalTaskQueue(store: store, backend: backend, policies: TaskPolicies(settings), traffic: traffic)
    }

    /// Logs what whoever runs the database should know.
    func warn(_ logger: Logger) {
        for warning in warnings { logger.warning("\(warning)", metadata: ["data": "\(place)"]) }
    }
}

extension Storage {
    #if SQLite
    private static func sqlite(_ folder: String) throws -> Storage {
        let sqlite = try SQLiteQueue(folder: folder)
        return Storage(store: sqlite, backend: sqlite, place: folder, warnings: []) { sqlite.close() }
    }
    #else
    private static func sqlite(_ folder: String) throws -> Storage { throw CommandFailure.builtWithout("SQLite") }
    #endif

    #if Redis
    private static func redis(_ url: Secret, _ password: Secret?, for purpose: Purpose) async throws -> Storage {
        var logger = Logger(label: "sojourn.redis")
        // A command says by itself what went wrong.
        if purpose == .command { logger.logLevel = .critical }
        let redis: RedisConnection
        do throws(BackendError) {
            redis = try RedisConnection(url.value, password: password?.value, logger: logger)
        } catch {
            throw CommandFailure(.usage, error.message)
        }
        do {
            let findings = try await redis.queue.inspect(within: .seconds(purpose == .command ? 2 : 5))
            return Storage(
                store: redis.queue, backend: redis.queue, place: redis.place, warnings: findings.map(\.description),
                close: redis.close)
        } catch {
            await redis.close()
            throw error
        }
    }
    #else
    private static func redis(_ url: Secret, _ password: Secret?, for purpose: Purpose) async throws -> Storage {
        throw CommandFailure.builtWithout("Redis")
    }
    #endif
}
