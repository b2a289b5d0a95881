public import SojournModel

/// A store that is a complete queue by itself, and whose tasks can also be claimed by hint: what ``HintedQueue`` needs.
///
/// Its part of the conformance suite is `ConformanceSuite.claimableChecks`.
public protocol ClaimableStore: TaskStore, QueueBackend {
    /// Leases those of the hinted tasks that wait now, in the order of `hints`: a compare-and-set. One that does not
    /// wait, waits since another instant than its hint says, is of another queue or type than `request` asks for, or of
    /// a paused queue, is left out without a word; one past its deadline dies as in ``QueueBackend/lease(_:)``. Never
    /// waits.
    func claim(_ hints: [Hint], for request: LeaseRequest) async throws(BackendError) -> LeaseGrant
    /// As ``QueueBackend/promote(limit:)``, and says which tasks it made available.
    func promoteHinting(limit: Int) async throws(BackendError) -> (progress: DutyProgress, hints: [Hint])
    /// The lines in which somebody waits, those of paused queues too.
    func waitingLines() async throws(BackendError) -> [HintLine]
    /// Who waits, line by line, in the order in which they would be handed out; answer *i* belongs to look *i*. Reads
    /// what is committed, and changes nothing.
    func waiting(_ looks: [WaitingLook]) async throws(BackendError) -> [WaitingPage]
}

/// A place in a line.
public struct WaitingPlace: Sendable, Hashable {
    /// When the task there became available.
    public var availableAt: Timestamp
    /// The store's own order among tasks of the same instant.
    public var order: Int64

    /// A place from its parts; without an order, the one ahead of all tasks of that instant.
    public init(availableAt: Timestamp, order: Int64 = .min) {
        self.availableAt = availableAt
        self.order = order
    }
}

/// A look at one line.
public struct WaitingLook: Sendable, Hashable {
    /// The line.
    public var line: HintLine
    /// Only tasks behind this place.
    public var after: WaitingPlace
    /// Only tasks that became available before this instant.
    public var before: Timestamp
    /// How many at most.
    public var limit: Int

    /// A look at a whole line, unless said otherwise.
    public init(
        line: HintLine, after: WaitingPlace = WaitingPlace(availableAt: .distantPast),
        before: Timestamp = .distantFuture, limit: Int = 512
    ) {
        self.line = line
        self.after = after
        self.before = before
        self.limit = limit
    }
}

/// What one look has seen.
public struct WaitingPage: Sendable, Hashable {
    /// The tasks, first in line first.
    public var hints: [Hint]
    /// Where to look on; nil where the line has no more.
    public var end: WaitingPlace?

    /// A page from its parts.
    public init(hints: [Hint] = [], end: WaitingPlace? = nil) {
        self.hints = hints
        self.end = end
    }
}
