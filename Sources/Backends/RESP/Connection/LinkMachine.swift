#if Redis
import NIOCore

/// The life of one connection to one server, without the connection: events go in, what to do comes out. No clock, no
/// socket, no chance of its own.
///
/// `Caller` is whoever waits for the replies of one pipeline.
struct LinkMachine<Caller: Sendable>: Sendable {
    struct Options: Sendable {
        /// From the first packet to the end of the handshake.
        var connectTimeout = TimeAmount.seconds(5)
        /// A server that owes an answer and says nothing for so long is gone.
        var silenceLimit = TimeAmount.seconds(5)
        /// Commands that may wait or be under way at one time.
        var backlog = 1_000_000
        /// Whether a lost connection is opened again by itself. Without it the first loss is the end.
        var reconnects = true
        /// Whether commands that wait for a connection fail as soon as one try fails, so that a cluster's client can
        /// look for another node, instead of waiting until their deadlines.
        var failsFast = false
        /// Every value after the handshake is a push.
        var isSubscription = false
        var backoff = Backoff()
    }

    enum Phase: Equatable { case idle, connecting, greeting, ready, resting, closed }

    /// A pipeline that is over: one reply per command, in order.
    struct Ended: Sendable {
        let caller: Caller
        let replies: [Reply]
    }

    struct Waiting: Sendable {
        let caller: Caller
        let count: Int
        let bytes: ByteBuffer
        let deadline: NIODeadline
    }

    struct Sent: Sendable {
        /// Nil once the deadline has passed: the replies still come and are dropped.
        var caller: Caller?
        let count: Int
        let deadline: NIODeadline
        var replies: [Reply] = []
    }

    let options: Options
    let wishes: Handshake.Wishes
    var phase = Phase.idle
    var handshake: Handshake?
    var waiting: [Waiting] = []
    /// The pipeline whose replies are coming in; apart from the others so that it is filled in place.
    var head: Sent?
    var queue = CircularBuffer<Sent>()
    /// Commands that wait or are under way.
    var load = 0
    var isFlushScheduled = false
    /// The server turned out to be a replica: no more commands for it, and away when it has answered all.
    var isDraining = false
    /// Tries in a row that failed.
    var attempt = 0
    var lastError: RESPError?
    var connectDeadline = NIODeadline.distantFuture
    /// When the server last gave a sign of life, or got something to answer after owing nothing.
    var silentSince = NIODeadline.distantFuture
    /// The earliest time at which something can be due, and the time for which the owner has set a timer.
    var earliest = NIODeadline.distantFuture
    var alarm = NIODeadline.distantFuture

    init(options: Options = Options(), wishes: Handshake.Wishes = Handshake.Wishes()) {
        self.options = options
        self.wishes = wishes
    }
}

// MARK: Commands

extension LinkMachine {
    enum Submission: Equatable {
        /// Nothing to do.
        case queued
        /// Open a connection.
        case connect
        /// Call ``flush(now:)`` soon, once for all that is submitted until then.
        case flush
        /// Surely not sent.
        case refused(RESPError)
    }

    /// Takes a pipeline of `count` commands, already encoded.
    mutating func submit(
        _ caller: Caller, count: Int, bytes: ByteBuffer, deadline: NIODeadline, now: NIODeadline
    ) -> Submission {
        if let error = refusal(of: count) { return .refused(error) }
        waiting.append(Waiting(caller: caller, count: count, bytes: bytes, deadline: deadline))
        load += count
        earliest = min(earliest, deadline)
        switch phase {
        case .idle:
            beginConnecting(now)
            return .connect
        case .ready where !isFlushScheduled && !isDraining:
            isFlushScheduled = true
            return .flush
        default: return .queued
        }
    }

    /// Opens a connection before there is a command for it.
    mutating func connectNow(now: NIODeadline) -> Bool {
        guard phase == .idle else { return false }
        beginConnecting(now)
        return true
    }

    private func refusal(of count: Int) -> RESPError? {
        if phase == .closed { return (lastError ?? .shutDown).seen(asExecuted: false) }
        if phase == .resting, options.failsFast { return (lastError ?? .shutDown).seen(asExecuted: false) }
        guard load + count <= options.backlog else {
            return RESPError(.overloaded, "More than \(options.backlog) Redis commands are waiting.")
        }
        return nil
    }

    /// What goes onto the socket now, in few buffers, and the pipelines that expect no reply.
    mutating func flush(now: NIODeadline) -> (buffers: [ByteBuffer], ended: [Ended]) {
        isFlushScheduled = false
        guard phase == .ready, !isDraining, !waiting.isEmpty else { return ([], []) }
        if head == nil { silentSince = now }
        var ended: [Ended] = []
        for entry in waiting {
            guard entry.count > 0 else {
                ended.append(Ended(caller: entry.caller, replies: []))
                continue
            }
            let sent = Sent(caller: entry.caller, count: entry.count, deadline: entry.deadline)
            if head == nil { head = sent } else { queue.append(sent) }
        }
        defer { waiting.removeAll(keepingCapacity: waiting.count < 1024) }
        return (Self.joined(waiting), ended)
    }

    /// Small pipelines are copied together, so that many callers cost one write; large ones go as they are.
    private static func joined(_ entries: [Waiting]) -> [ByteBuffer] {
        var buffers: [ByteBuffer] = []
        for entry in entries {
            if let last = buffers.indices.last, entry.bytes.readableBytes < 16_384,
                buffers[last].readableBytes < 131_072
            {
                buffers[last].writeImmutableBuffer(entry.bytes)
            } else {
                buffers.append(entry.bytes)
            }
        }
        return buffers
    }

    private mutating func beginConnecting(_ now: NIODeadline) {
        phase = .connecting
        connectDeadline = now + options.connectTimeout
        earliest = min(earliest, connectDeadline)
    }
}

extension RESPError {
    static let shutDown = RESPError(.closed, "The Redis client was shut down.")
}
#endif
