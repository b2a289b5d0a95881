#if Redis
public import NIOCore

/// What a channel says, as it comes in.
///
/// It ends by throwing a ``RESPError`` when the connection is lost: messages sent meanwhile are gone, and only the
/// subscriber knows what that means. It also ends when nobody listens any more.
public struct RedisSubscription: AsyncSequence, Sendable {
    /// One thing that happened.
    public enum Event: Sendable, Equatable {
        /// From now on messages of this channel or pattern arrive.
        case subscribed(String)
        /// A message on a channel.
        case message(channel: String, ByteBuffer)
    }

    /// How many events may wait for a slow listener; past that the oldest are dropped, as Redis itself would.
    public static let bufferedEvents = 4096

    private typealias Stream = AsyncThrowingStream<Event, any Error>
    private let stream: Stream

    /// Reads the events one by one.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var base: AsyncThrowingStream<Event, any Error>.Iterator

        /// The next event; nil where the listener was cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(RESPError) -> Event? {
            do {
                return try await base.next(isolation: actor)
            } catch {
                throw error as? RESPError ?? RESPError(.connectionLost, "The subscription ended: \(error).")
            }
        }

        /// The next event; nil where the listener was cancelled.
        public mutating func next() async throws(RESPError) -> Event? { try await next(isolation: #isolation) }
    }

    /// A new reader; one at a time.
    public func makeAsyncIterator() -> Iterator { Iterator(base: stream.makeAsyncIterator()) }

    static func open(
        channels: [String], patterns: [String], _ link: (LinkListener) throws(RESPError) -> Link
    ) throws(RESPError) -> RedisSubscription {
        let (stream, continuation) = Stream.makeStream(bufferingPolicy: .bufferingNewest(bufferedEvents))
        let listener = LinkListener(
            onPush: { if let event = Event($0) { continuation.yield(event) } },
            onEnd: { continuation.finish(throwing: $0) })
        let link = try link(listener)
        continuation.onTermination = { _ in link.close() }
        var bytes = ByteBuffer()
        for (name, words) in [("SUBSCRIBE", channels), ("PSUBSCRIBE", patterns)] where !words.isEmpty {
            var command = Command(name)
            for word in words { command.append(word) }
            command.write(to: &bytes)
        }
        // The answers come as pushes, so no reply is expected. The connection has its own deadline.
        let refusal = link.submit(bytes, count: 0, deadline: .distantFuture) { _ in }
        if let refusal { throw refusal }
        return RedisSubscription(stream: stream)
    }
}

extension RedisSubscription.Event {
    init?(_ push: [RESPValue]) {
        guard let word = push.first?.text, push.count >= 3, let channel = push[push.count - 2].text else { return nil }
        switch word {
        case "subscribe", "psubscribe": self = .subscribed(push[1].text ?? "")
        case "message", "pmessage":
            guard let bytes = push[push.count - 1].bytes else { return nil }
            self = .message(channel: channel, bytes)
        default: return nil
        }
    }
}
#endif
