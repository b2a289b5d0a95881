#if HTTP
package import NIOCore
import ServiceLifecycle
public import SojournCore
public import SojournModel
public import SojournWire
import Synchronization

/// What those who watch a server are told: how the queues stand, scaling decisions, and tasks that ended.
///
/// A reader that is too slow misses events and is told how many; it never slows anybody else. While nobody watches,
/// nothing is kept and nothing is written.
///
/// That a reader has gone is noticed when it is told something. It must not say so itself: it would do so from inside
/// of its cancellation, which holds a lock of the runtime that telling it something, under our lock, needs too.
public final class EventFeed: TaskObserver {
    fileprivate struct State {
        var readers: [Int: Reader] = [:]
        var lastReader = 0
        var views: [QueueView] = []
        /// When they were taken; nil before the first time.
        var takenAt: Timestamp?
        /// When they were told last.
        var toldAt: Timestamp?
        var lastDecisions: [QueueName: Timestamp] = [:]
    }

    fileprivate let time: any TimeSource
    private let state = Mutex(State())
    /// Apart, because those who end tasks must not wait for whoever writes events.
    private let recent = Mutex(RecentTasks())
    private let isWatched = Atomic(false)
    /// Events that may wait for a slow reader: a few seconds' worth.
    private static let buffer = 16
    /// The queues are told no oftener.
    private static let pace: Duration = .milliseconds(900)

    /// A feed that nobody watches.
    public init(time: any TimeSource = SystemTime()) { self.time = time }

    // MARK: What happens

    /// Tells how the queues stand, what was decided, and which tasks ended since the last time. To be called about
    /// twice a second.
    public func show(_ views: [QueueView]) {
        let now = time.now()
        let ended = recent.withLock { $0.take() }
        state.withLock { state in
            let decisions = state.news(in: views)
            state.views = views
            state.takenAt = now
            guard !state.readers.isEmpty else { return }
            defer { watched(state) }
            for decision in decisions { state.tell(.decision(decision), about: decision.queue) }
            for (queue, part) in ended { state.tell(.tasks(part.tasks, omitted: part.omitted, at: now), to: queue) }
            if let last = state.toldAt, now.duration(since: last) < Self.pace { return }
            state.toldAt = now
            state.tellViews(at: now)
        }
    }

    /// Remembers some of the tasks that ended, and counts the others.
    public func ended(_ results: [AttemptResult], _ statuses: [SettlementStatus]) {
        guard isWatched.load(ordering: .relaxed) else { return }
        recent.withLock { recent in
            for place in 0..<min(results.count, statuses.count) where statuses[place] == .settled {
                recent.add(
                    isDull: results[place].verdict.status == .succeeded,
                    of: results[place].report.delivery.message.queue, EndedTask(results[place]))
            }
        }
    }

    /// Remembers tasks that died in the line.
    public func expired(_ messages: [TaskMessage]) {
        guard isWatched.load(ordering: .relaxed) else { return }
        let now = time.now()
        recent.withLock { recent in
            for message in messages {
                recent.add(isDull: false, of: message.queue, EndedTask(expired: message, at: now))
            }
        }
    }

    /// Not told.
    public func inserted(_ tasks: [NewTask], _ results: [InsertResult]) {}
    /// Not told.
    public func refused(_ tasks: [NewTask], _ error: BackendError) {}
    /// Not told.
    public func claimed(_ deliveries: [Delivery], at now: Timestamp) {}

    // MARK: Who watches

    /// A reader's events, in the form of server-sent events; they begin with how the queues stood when they were looked
    /// at last, and say when that was.
    ///
    /// - Parameters:
    ///   - queue: Only what concerns that queue; nil = everything.
    ///   - limit: How many may watch at once.
    /// - Returns: nil where so many watch already.
    package func watch(_ queue: QueueName?, limit: Int) -> AsyncStream<ByteBuffer>? {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(Self.buffer))
        let isIn = state.withLock { state in
            if state.readers.count >= limit { state.beat() }
            guard state.readers.count < limit else { return false }
            state.lastReader += 1
            var reader = Reader(queue: queue, continuation: continuation)
            if let takenAt = state.takenAt {
                let views = state.views.filter { queue == nil || $0.name == queue }
                _ = reader.tell(ByteBuffer(event: .queues(views, at: takenAt)))
            } else {
                _ = reader.tell(.silence)
            }
            state.readers[state.lastReader] = reader
            watched(state)
            return true
        }
        return isIn ? stream : nil
    }

    /// Says nothing, so that both sides notice when the other is gone.
    func beat() {
        state.withLock { state in
            state.beat()
            watched(state)
        }
    }

    /// Takes note of who watches what.
    private func watched(_ state: State) {
        recent.withLock { $0.watch(Set(state.readers.values.map(\.queue))) }
        isWatched.store(!state.readers.isEmpty, ordering: .relaxed)
    }
}

/// Lets those who watch hear something now and then.
struct EventHeartbeat: Service {
    let feed: EventFeed
    let pause: Duration

    func run() async {
        await cancelWhenGracefulShutdown {
            while (try? await feed.time.sleep(for: pause)) != nil { feed.beat() }
        }
    }
}

extension EventFeed.State {
    /// The decisions that were not there the last time; none of a queue that is seen for the first time.
    mutating func news(in views: [QueueView]) -> [DecisionEvent] {
        var news: [DecisionEvent] = []
        let names = Set(views.map(\.name))
        lastDecisions = lastDecisions.filter { names.contains($0.key) }
        for view in views {
            guard let newest = view.insight.decisions.first?.at else {
                if lastDecisions[view.name] == nil { lastDecisions[view.name] = .distantPast }
                continue
            }
            if let last = lastDecisions[view.name] {
                news += view.insight.decisions.prefix { $0.at > last }.reversed().map {
                    DecisionEvent(queue: view.name, decision: $0)
                }
            }
            lastDecisions[view.name] = newest
        }
        return news
    }

    mutating func tellViews(at now: Timestamp) {
        // Nearly everybody watches everything, and that is written once.
        let all = ByteBuffer(event: .queues(views, at: now))
        for (number, reader) in readers {
            guard let queue = reader.queue else {
                tell(all, to: number)
                continue
            }
            tell(ByteBuffer(event: .queues(views.filter { $0.name == queue }, at: now)), to: number)
        }
    }

    /// A comment, which readers pass over, and which none has missed.
    mutating func beat() {
        for (number, reader) in readers {
            if case .terminated = reader.continuation.yield(.silence) { readers[number] = nil }
        }
    }

    /// Tells those who watch that queue, or all.
    mutating func tell(_ event: Event, about queue: QueueName) {
        tell(event, to: nil)
        tell(event, to: queue)
    }

    /// Tells those who asked for just that. It is written once, however many they are.
    mutating func tell(_ event: Event, to queue: QueueName?) {
        let numbers = readers.keys.filter { readers[$0]?.queue == queue }
        guard !numbers.isEmpty else { return }
        let bytes = ByteBuffer(event: event)
        for number in numbers { tell(bytes, to: number) }
    }

    private mutating func tell(_ bytes: ByteBuffer, to number: Int) {
        if readers[number]?.tell(bytes) == false { readers[number] = nil }
    }
}

/// Somebody who watches.
fileprivate struct Reader {
    let queue: QueueName?
    let continuation: AsyncStream<ByteBuffer>.Continuation
    private var missed = 0

    init(queue: QueueName?, continuation: AsyncStream<ByteBuffer>.Continuation) {
        self.queue = queue
        self.continuation = continuation
    }

    /// Sends an event, and before it how many could not be sent. False where the reader has gone.
    mutating func tell(_ bytes: ByteBuffer) -> Bool {
        if missed > 0 {
            switch continuation.yield(ByteBuffer(event: .gap(missed))) {
            case .enqueued: missed = 0
            case .terminated: return false
            default:
                missed += 1
                return true
            }
        }
        switch continuation.yield(bytes) {
        case .terminated: return false
        case .dropped: missed += 1
        default: break
        }
        return true
    }
}
#endif
