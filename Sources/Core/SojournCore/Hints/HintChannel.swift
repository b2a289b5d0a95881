public import SojournModel

/// Carries hints from those who make tasks available to those who claim them, across processes, and may lose all of
/// them at any time.
///
/// Whoever fills a channel that lost its hints begins, pushes a hint of every task that waits, and ends. Only then the
/// channel is ``HintEpoch/complete``: a loss meanwhile shows.
public protocol HintChannel: Sendable {
    /// The name people know it by.
    var name: String { get }
    /// The claims of this process that wait. A push wakes them, wherever it comes from; so does the end of an outage.
    var waiters: WaitList { get }
    /// Adds hints, each at its place in its line; those of the same instant in their order here.
    func push(_ hints: [Hint]) async throws(BackendError)
    /// Takes out at most `request.limit` hints, in the order of ``Dispatch``; none where there are none. Never waits.
    func pop(_ request: LeaseRequest) async throws(BackendError) -> [Hint]
    /// Hands out hints of a queue, or none of them.
    func setPaused(_ queue: QueueName, _ isPaused: Bool) async throws(BackendError)
    /// What it holds.
    func look() async throws(BackendError) -> HintView
    /// Forgets every hint, and announces that the caller will fill the channel; nil where somebody else has begun.
    ///
    /// - Parameter token: That of ``HintEpoch/lost(token:)``.
    func beginFilling(insteadOf token: String) async throws(BackendError) -> HintFilling?
    /// Says that the caller is still at it; whether nothing was lost since it began.
    func goOnFilling(_ filling: HintFilling) async throws(BackendError) -> Bool
    /// Says that every task that waited when the caller began has its hint; whether nothing was lost meanwhile.
    func endFilling(_ filling: HintFilling) async throws(BackendError) -> Bool
    /// Listens to other processes until cancelled.
    func run() async throws
}

/// Whether a channel still has what was put into it.
public enum HintEpoch: Sendable, Hashable {
    /// It was filled, and has lost nothing since, as far as it can tell.
    case complete
    /// Somebody fills it now.
    case filling
    /// It was never filled, or lost what it had. The token stands for what it found instead.
    case lost(token: String)
}

/// Proof that its holder fills a channel.
public struct HintFilling: Sendable, Hashable {
    /// What the channel knows it by.
    public let token: String

    /// A proof from its token.
    public init(token: String) { self.token = token }
}

/// What a channel holds.
public struct HintView: Sendable, Hashable {
    /// Whether it still has what was put into it.
    public var epoch: HintEpoch
    /// When the first hint of each line became available; lines without hints are missing.
    public var firsts: [HintLine: Timestamp]
    /// The queues of which it hands out nothing.
    public var paused: Set<QueueName>

    /// A view from its parts.
    public init(epoch: HintEpoch, firsts: [HintLine: Timestamp] = [:], paused: Set<QueueName> = []) {
        self.epoch = epoch
        self.firsts = firsts
        self.paused = paused
    }
}
