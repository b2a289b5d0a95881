#if Postgres
public import Logging
import PQ
public import SojournCore

/// A ``PostgresQueue`` and the connections that it needs, for those who have an address and want to know no more of
/// Postgres.
public struct PostgresConnection: Sendable {
    /// Store and backend.
    public let queue: PostgresQueue
    /// Which migrations the database has had, and how to apply the others.
    public let migrations: PostgresMigrations
    /// The address without user and password, fit for logs.
    public let place: String
    private let pool: PQPool
    /// Where notices are heard, if not through `pool`.
    private let direct: PQPool?

    /// Prepares a connection; it is opened by the first call.
    ///
    /// - Parameters:
    ///   - url: `postgres://user@host/database`, or libpq's own words.
    ///   - schema: Where the tables are: letters, digits and `_`.
    ///   - connections: How many are open at once.
    ///   - isPooled: Whether the address leads to a PgBouncer in transaction mode: then connections keep no prepared
    ///     statements, and do not listen.
    ///   - directURL: The server behind that PgBouncer, to listen to. Without it, claims that wait look once a second.
    ///   - clock: Decides about instants in the place of the database's clock; for tests.
    ///   - time: By which this process waits, and says when tasks were accepted.
    ///   - logger: Hears of connections that come and go.
    /// - Throws: ``BackendError/Code/rejected`` where the address is none, or not safe; the sentence does not repeat
    ///   it.
    public init(
        _ url: String, schema: String = "sojourn", connections: Int = 20, isPooled: Bool = false,
        directURL: String? = nil, clock: (any TimeSource)? = nil, time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "sojourn.postgres")
    ) throws(BackendError) {
        guard (1...63).contains(schema.utf8.count), schema.utf8.allSatisfy(Self.isPlain) else {
            throw BackendError(.rejected, "The schema must have 1 to 63 of a to z, 0 to 9 and _.")
        }
        do throws(PQError) {
            pool = try PQPool(
                PQConfiguration(url: url, maxConnections: connections, preparesStatements: !isPooled), logger: logger)
            direct = try directURL.map { url throws(PQError) in
                try PQPool(PQConfiguration(url: url, maxConnections: 1), logger: logger)
            }
        } catch {
            throw BackendError(error)
        }
        let database = Database(pool, listening: isPooled ? direct : direct ?? pool, schema: schema, clock: clock)
        place = pool.place
        queue = PostgresQueue(database, time: clock ?? time)
        migrations = PostgresMigrations(database)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Gives up the leases of workers that end with this process, where the database can still be told; then ends the
    /// connections.
    public func close() async {
        // Otherwise they end by themselves.
        try? await queue.close()
        await pool.close()
        await direct?.close()
    }
}
#endif
