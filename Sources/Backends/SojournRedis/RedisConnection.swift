#if Redis
public import Logging
import RESP
public import SojournCore

/// A ``RedisQueue`` and the client that it needs, for those who have an address and want to know no more of Redis.
public struct RedisConnection: Sendable {
    /// Store and backend on Redis alone.
    public let queue: RedisQueue
    /// Hints in Redis, for a store that is elsewhere.
    public let hints: RedisHints
    /// The address without user and password, fit for logs.
    public let place: String
    private let client: RedisClient

    /// Prepares a connection; it is opened by the first call.
    ///
    /// - Parameters:
    ///   - address: One of the forms that ``RESP/RedisAddress`` reads, as `redis://localhost:6379/0`.
    ///   - password: Where the address has none.
    ///   - logger: Hears of connections that come and go.
    /// - Throws: ``BackendError/Code/rejected`` where the address is none; the sentence does not repeat it.
    public init(
        _ address: String, password: String? = nil, time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "sojourn.redis")
    ) throws(BackendError) {
        do throws(RESPError) {
            var address = try RedisAddress(parsing: address)
            address.password = address.password ?? password
            client = try RedisClient(address, logger: logger)
        } catch {
            throw BackendError(.rejected, error.message, cause: error)
        }
        place = client.address.description
        queue = RedisQueue(client, time: time)
        hints = RedisHints(client, time: time)
    }

    /// Gives up the leases of workers that end with this process, where the server can still be told; then ends the
    /// connections.
    public func close() async {
        // Otherwise they end by themselves.
        try? await queue.close()
        await client.shutdown()
    }
}
#endif
