#if Redis
import NIOCore
import Synchronization

/// Connections for one blocking command at a time; those that are idle wait here for the next.
final class DedicatedLinks: Sendable {
    private let idle = Mutex<[RedisEndpoint?: [Link]]>([:])
    /// How many may be idle per server.
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// An idle link to `endpoint`, or a new one.
    func take(_ endpoint: RedisEndpoint?, _ open: () throws(RESPError) -> Link) throws(RESPError) -> Link {
        while let link = idle.withLock({ $0[endpoint]?.popLast() }) {
            if link.isUsable { return link }
        }
        return try open()
    }

    /// Keeps `link` for the next; false if there are enough, and it should be closed.
    func give(back link: Link, _ endpoint: RedisEndpoint?) -> Bool {
        idle.withLock { idle in
            var links = idle[endpoint, default: []].filter(\.isUsable)
            defer { idle[endpoint] = links }
            guard links.count < limit else { return false }
            links.append(link)
            return true
        }
    }
}

extension Link {
    /// Sends a command that nobody shares the connection with. Opening the connection has its own time; cancelling the
    /// caller closes it.
    func sendAlone(_ command: Command, connectTimeout: Duration, timeout: Duration) async -> Reply {
        await withTaskCancellationHandler {
            do throws(RESPError) {
                _ = try await send([], deadline: .now() + TimeAmount(connectTimeout))
                let replies = try await send([command], deadline: .now() + TimeAmount(timeout))
                return replies.first ?? .failure(.missing)
            } catch {
                return .failure(error)
            }
        } onCancel: {
            close(RESPError(.cancelled, "The caller was cancelled."))
        }
    }
}

extension RESPError {
    /// Cannot happen: every command has a reply.
    static let missing = RESPError(.protocolViolation, "A reply is missing.", mayHaveExecuted: true)
}
#endif
