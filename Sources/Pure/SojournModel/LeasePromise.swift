/// What a claim is told of a queue's promise, so that what is promised goes first.
public struct LeasePromise: Hashable, Sendable {
    /// How long a task of the queue may wait.
    public var limit: Duration
    /// Whether a task that has waited longer stands behind those that are in time; otherwise the queue is served in
    /// order of arrival.
    public var demotesLate: Bool
    /// Whether its tasks start strictly in order of arrival, so that no priority and no tenant overtakes another one:
    /// what is promised for sure must not depend on who comes later.
    public var isStrict: Bool

    /// A promise from its parts.
    public init(limit: Duration, demotesLate: Bool, isStrict: Bool = false) {
        self.limit = limit
        self.demotesLate = demotesLate
        self.isStrict = isStrict
    }

    /// Who became available before this instant is late at `now`; nil where being late changes nothing.
    public func cutoff(at now: Timestamp) -> Timestamp? {
        demotesLate ? now.advanced(by: .zero - limit) : nil
    }
}
