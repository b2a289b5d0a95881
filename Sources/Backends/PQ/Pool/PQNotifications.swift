#if Postgres
import Logging

/// What channels say, as it comes in.
///
/// It ends by throwing a ``PQError`` when the connection is lost: what was sent meanwhile is gone, and only the
/// listener knows what that means. It also ends when the listener is cancelled or gone, and its connection with it.
public struct PQNotifications: AsyncSequence, Sendable {
    /// One thing that happened.
    public enum Event: Sendable, Hashable {
        /// From now on notifications arrive.
        case listening
        /// A notification.
        case notification(PQNotification)
    }

    /// How many events may wait for a slow listener; past that the oldest are dropped.
    public static let bufferedEvents = 4096

    typealias Stream = AsyncThrowingStream<Event, any Error>
    let stream: Stream

    /// Reads the events one by one.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: AsyncThrowingStream<Event, any Error>.Iterator

        /// The next event; nil where the listener was cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PQError) -> Event? {
            do {
                return try await base.next(isolation: actor)
            } catch {
                throw error as? PQError ?? PQError(.connectionLost, "The subscription ended: \(error).")
            }
        }

        /// The next event; nil where the listener was cancelled.
        public mutating func next() async throws(PQError) -> Event? { try await next(isolation: #isolation) }
    }

    /// A new reader; one at a time.
    public func makeAsyncIterator() -> Iterator { Iterator(base: stream.makeAsyncIterator()) }
}

extension PQPool {
    /// Listens to `channels` on a connection of its own, which does not count for
    /// ``PQConfiguration/maxConnections``. It must not go through a PgBouncer in transaction mode.
    ///
    /// - Throws: If there is no connection within ``PQConfiguration/connectTimeout``, or the server refuses.
    public func listen(_ channels: [String]) async throws(PQError) -> PQNotifications {
        if Task.isCancelled { throw .cancelled }
        var statements: [EncodedStatement] = []
        for channel in channels {
            let name = channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            statements.append(try EncodedStatement(PQStatement("LISTEN \"\(name)\"")))
        }
        let (stream, continuation) = PQNotifications.Stream.makeStream(
            bufferingPolicy: .bufferingNewest(PQNotifications.bufferedEvents))
        let events = Link.Events(
            onNotification: { continuation.yield(.notification($0)) },
            // The listener itself went away: that is no failure.
            onLoss: { continuation.finish(throwing: $1.code == .cancelled ? nil : $1) })
        let link = try await openLink(until: .now + configuration.connectTimeout, events)
        var job = try job(.harmless, statements, limited: false)
        job.preparing = false
        do throws(PQError) {
            _ = try await trip(job, on: link, mayRepeat: false)
        } catch {
            link.close(error)
            throw error
        }
        continuation.onTermination = { _ in link.close(.cancelled) }
        continuation.yield(.listening)
        return PQNotifications(stream: stream)
    }
}
#endif
