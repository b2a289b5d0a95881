import SojournModel
import SojournWire

/// Everything that a frame shows.
struct MonitorState {
    /// Most queues whose history is kept.
    static let historyBound = 1_000
    /// Most decisions that are kept.
    static let decisionBound = 200
    /// Most samples that are kept while the screen is frozen.
    static let heldBound = History.capacity

    /// One queue, as it was seen last.
    struct Queue {
        var view: QueueView
        var verdict: Verdict
        var history: QueueHistory?

        var facts: QueueFacts { QueueFacts(view: view) }
    }

    /// What the whole screen shows.
    enum Page: Equatable {
        case list, details, help
    }

    /// A question that must be answered before anything happens.
    struct Question: Equatable {
        var text: String
        var action: MonitorAction
    }

    /// The order of the list.
    enum Order: String, CaseIterable {
        case worst, name, depth
    }

    /// A scaling decision, and when it was first seen.
    struct Decision: Equatable {
        var queue: QueueName
        var decision: ScalingDecision
        /// nil where it was made before anybody looked.
        var seenAt: Timestamp?
    }

    /// Something said at the bottom for a while.
    struct Message: Equatable {
        var text: String
        var isError: Bool
        var until: Timestamp
    }

    /// Whom the monitor asks, for the title.
    let server: String
    /// Time between two looks.
    let interval: Duration
    var size: Size
    var now: Timestamp

    var queues: [QueueName: Queue] = [:]
    var totals = Totals()
    /// The queues of the list, in its order.
    var listed: [QueueName] = []
    /// How long the longest of their names is.
    var longestName = 0
    var decisions: [Decision] = []
    /// When the queues were last seen.
    var sampledAt: Timestamp?
    /// Since when they cannot be seen, and why.
    var failure: (since: Timestamp, why: String)?

    var page = Page.list
    var question: Question?
    var order = Order.worst
    var filter = ""
    /// Whether keys go into the filter.
    var isFiltering = false
    var selected: QueueName?
    /// The first row of the list, or of the page, that is visible.
    var top = 0
    var message: Message?
    var isFrozen = false
    /// Samples that came while the screen was frozen.
    var held: [(views: [QueueView], at: Timestamp)] = []

    init(server: String, interval: Duration, size: Size, now: Timestamp) {
        self.server = server
        self.interval = interval
        self.size = size
        self.now = now
    }

    /// The queue that the lower part is about.
    var focus: Queue? { (selected ?? listed.first).flatMap { queues[$0] } }

    /// Whether what is shown is no longer true.
    var isStale: Bool {
        guard let sampledAt else { return false }
        return failure != nil || now.duration(since: sampledAt) > max(interval * 3, .seconds(5))
    }

    /// Takes note of an event; what shall be done about it.
    mutating func apply(_ event: MonitorEvent) -> [MonitorAction] {
        defer { keepSelectionVisible() }
        switch event {
        case .sample(let views, let at):
            now = max(now, at)
            failure = nil
            if isFrozen { hold(views, at) } else { take(views, at) }
            return []
        case .failed(let why, let at):
            now = max(now, at)
            failure = (failure?.since ?? at, why)
            return []
        case .key(let key): return press(key)
        case .resized(let size):
            self.size = size
            return []
        case .finished(let action, let outcome): return finish(action, outcome)
        case .said(let line):
            say(line, isError: true)
            return []
        case .tick(let instant):
            now = max(now, instant)
            if let message, message.until <= now { self.message = nil }
            return []
        }
    }

    /// Says something for a while.
    mutating func say(_ text: String, isError: Bool = false) {
        message = Message(text: text, isError: isError, until: now.advanced(by: .seconds(isError ? 15 : 6)))
    }

    private mutating func finish(_ action: MonitorAction, _ outcome: MonitorEvent.Outcome) -> [MonitorAction] {
        switch (action, outcome) {
        case (_, .failed(let why)): say(why, isError: true)
        case (.setPaused(let queue, let isPaused), .done): say(isPaused ? "\(queue) is paused" : "\(queue) runs again")
        case (.replay(let queue), .done(let count)):
            let more = count == ReplayBody.most ? "; more may be left: press r again" : ""
            say("\(Numerals.counted(count ?? 0, "dead letter")) of \(queue) put back\(more)")
        case (.refresh, _), (.redraw, _), (.suspend, _), (.quit, _): return []
        }
        return [.refresh]
    }
}
