import Logging
import SojournConfiguration
import SojournCore

#if SQLite
import SojournSQLite
#endif
#if Redis
import SojournRedis
#endif
#if Postgres
import SojournPostgres
#endif

/// Where tasks are kept and how they move: the choice of the backend, made here and nowhere else.
struct Storage: Sendable {
    let store: any TaskStore
    let backend: any QueueBackend
    /// The clock that everybody who uses it shares.
    let time: StoreTime
    /// Keeps ``time`` right; nil where nobody else uses it. A command is over before it has to.
    let clock: ClockFollower?
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
        let time = StoreTime()
        if let url = settings.postgres.url {
            let postgres = try await postgres(url, settings.postgres, for: purpose, time)
            guard let redis = settings.redis.url else { return postgres }
            return try await postgres.hinted(by: redis, settings.redis.password, for: purpose)
        }
        if let url = settings.redis.url { return try await redis(url, settings.redis.password, for: purpose, time) }
        return try sqlite(settings.server.dataDirectory, time)
    }

    /// Refuses what this binary cannot do: tasks must not end up in another place than the settings say.
    static func refuseMissing(_ settings: Settings) throws(CommandFailure) {
        #if !Postgres
        if settings.postgres.url != nil { throw .builtWithout("Postgres") }
        #endif
        #if !Redis
        if settings.redis.url != nil { throw .builtWithout("Redis") }
        #endif
    }

    /// Store and backend behind one face.
    func queue(_ settings: Settings, traffic: (any TrafficControl)? = nil) -> LocalTaskQueue {
        LocalTaskQueue(store: store, backend: backend, policies: TaskPolicies(settings), traffic: traffic, time: time)
    }

    /// Logs what whoever runs the database should know.
    func warn(_ logger: Logger) {
        for warning in warnings { logger.warning("\(warning)", metadata: ["data": "\(place)"]) }
    }
}

extension Storage {
    #if SQLite
    private static func sqlite(_ folder: String, _ time: StoreTime) throws -> Storage {
        let sqlite = try SQLiteQueue(folder: folder, time: time)
        return Storage(store: sqlite, backend: sqlite, time: time, clock: nil, place: folder, warnings: []) {
            sqlite.close()
        }
    }
    #else
    private static func sqlite(_ folder: String, _ time: StoreTime) throws -> Storage {
        throw CommandFailure.builtWithout("SQLite")
    }
    #endif

    /// A command says by itself what went wrong.
    private static func logger(_ label: String, for purpose: Purpose) -> Logger {
        var logger = Logger(label: label)
        if purpose == .command { logger.logLevel = .critical }
        return logger
    }

    #if Redis
    private static func connect(
        _ url: Secret, _ password: Secret?, for purpose: Purpose, _ time: StoreTime
    ) async throws -> (redis: RedisConnection, warnings: [String]) {
        let redis: RedisConnection
        do throws(BackendError) {
            redis = try RedisConnection(
                url.value, password: password?.value, time: time, logger: logger("sojourn.redis", for: purpose))
        } catch {
            throw CommandFailure(.usage, error.message)
        }
        do {
            var warnings = try await redis.queue.inspect(within: .seconds(purpose == .command ? 2 : 5))
                .map(\.description)
            do {
                try await time.take(redis.queue.clock)
            } catch  where error.code == .rejected {
                warnings.append("Redis does not say what time it is. Keep the clocks of all servers in step.")
            }
            return (redis, warnings)
        } catch {
            await redis.close()
            throw error
        }
    }

    private static func redis(
        _ url: Secret, _ password: Secret?, for purpose: Purpose, _ time: StoreTime
    ) async throws -> Storage {
        let (redis, warnings) = try await connect(url, password, for: purpose, time)
        return Storage(
            store: redis.queue, backend: redis.queue, time: time,
            clock: ClockFollower(time: time, ask: redis.queue.clock), place: redis.place, warnings: warnings,
            close: redis.close)
    }

    /// The same tasks, while Redis says which of them wait. Redis may be away: then the store serves by itself.
    private func hinted(by url: Secret, _ password: Secret?, for purpose: Purpose) async throws -> Storage {
        guard let claimable = store as? any ClaimableStore else { return self }
        let redis: RedisConnection
        do throws(BackendError) {
            redis = try RedisConnection(
                url.value, password: password?.value, time: time, logger: Self.logger("sojourn.redis", for: purpose))
        } catch {
            await close()
            throw CommandFailure(.usage, error.message)
        }
        let queue = HintedQueue(
            store: claimable, hints: redis.hints, time: time, logger: Self.logger("sojourn.hints", for: purpose))
        let (close, closeRedis) = (self.close, redis.close)
        return Storage(
            store: queue, backend: queue, time: time, clock: clock, place: "\(place), hints in \(redis.place)",
            warnings: warnings
        ) {
            await closeRedis()
            await close()
        }
    }
    #else
    private static func redis(
        _ url: Secret, _ password: Secret?, for purpose: Purpose, _ time: StoreTime
    ) async throws -> Storage {
        throw CommandFailure.builtWithout("Redis")
    }

    private func hinted(by url: Secret, _ password: Secret?, for purpose: Purpose) async throws -> Storage {
        throw CommandFailure.builtWithout("Redis")
    }
    #endif

    #if Postgres
    private static func postgres(
        _ url: Secret, _ settings: Settings.Postgres, for purpose: Purpose, _ time: StoreTime
    ) async throws -> Storage {
        let postgres: PostgresConnection
        do throws(BackendError) {
            postgres = try PostgresConnection(
                url.value, connections: settings.maxConnections, isPooled: settings.isPooled,
                directURL: settings.directURL?.value, time: time, logger: logger("sojourn.postgres", for: purpose))
        } catch {
            throw CommandFailure(.usage, error.message)
        }
        do {
            try await postgres.migrations.check()
            try await time.take(postgres.queue.clock)
        } catch {
            await postgres.close()
            throw error
        }
        return Storage(
            store: postgres.queue, backend: postgres.queue, time: time,
            clock: ClockFollower(time: time, ask: postgres.queue.clock), place: postgres.place, warnings: [],
            close: postgres.close)
    }
    #else
    private static func postgres(
        _ url: Secret, _ settings: Settings.Postgres, for purpose: Purpose, _ time: StoreTime
    ) async throws -> Storage {
        throw CommandFailure.builtWithout("Postgres")
    }
    #endif
}
