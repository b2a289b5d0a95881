#if HTTP
import NIOCore

/// By when the next part of a request must have been read: whoever sends one byte now and then is cut off.
///
/// A plain state machine. Its clock stands still while an earlier request on the same connection is being answered,
/// because then the server itself has stopped reading.
struct ReadDeadlines {
    private enum Phase { case between, head, body }

    private let head: TimeAmount
    private let body: TimeAmount
    private var phase = Phase.between
    private var unanswered = 0
    private var own: NIODeadline?
    private var last = NIODeadline.distantFuture
    /// When the connection is cut off; nil = not at all.
    var deadline: NIODeadline? { own.map { min($0, last) } }

    init(head: Duration, body: Duration) {
        self.head = TimeAmount(head)
        self.body = TimeAmount(body)
    }

    /// Bytes came in.
    mutating func bytesRead(now: NIODeadline) {
        guard phase == .between else { return }
        phase = .head
        own = now + head
    }

    /// The header of a request is complete.
    mutating func headRead(now: NIODeadline) {
        phase = .body
        unanswered += 1
        own = now + body
    }

    /// A request is complete.
    mutating func endRead() {
        phase = .between
        own = nil
    }

    /// The server stops: whatever is read must be there by `end`.
    mutating func hurry(until end: NIODeadline) { last = min(last, end) }

    /// A request was answered.
    mutating func answered(now: NIODeadline) {
        unanswered = max(0, unanswered - 1)
        // Reading begins again, so does the time.
        if phase == .head { own = now + head }
    }

    /// Whether the connection is to be cut off.
    func isOver(now: NIODeadline) -> Bool {
        guard let deadline, now >= deadline else { return false }
        // Of the requests that are not answered, the one that is being read may be the last; those before it excuse it.
        return unanswered <= (phase == .body ? 1 : 0)
    }
}
#endif
