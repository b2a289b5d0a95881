public import SojournCore

/// What one check is run on: a fresh, empty store and backend, and the clock that both of them follow.
public struct ConformanceSubject: Sendable {
    /// The durable truth; may be the same object as the backend.
    public var store: any TaskStore
    /// What moves tasks.
    public var backend: any QueueBackend
    /// The clock that store and backend read.
    public var time: any TimeSource
    /// Moves that clock on, or waits so long where it cannot be moved.
    public var advance: @Sendable (Duration) async throws -> Void
    /// How many callers sleep on that clock; a hint that a claim waits. Constant where nobody knows.
    public var sleepers: @Sendable () -> Int
    /// Closes store and backend and opens them again over the same data; nil where nothing outlives them.
    public var reopen: (@Sendable () async throws -> ConformanceSubject)?

    /// A subject over any clock.
    public init(
        store: any TaskStore, backend: any QueueBackend, time: any TimeSource,
        advance: @escaping @Sendable (Duration) async throws -> Void, sleepers: @escaping @Sendable () -> Int = { 0 },
        reopen: (@Sendable () async throws -> ConformanceSubject)? = nil
    ) {
        self.store = store
        self.backend = backend
        self.time = time
        self.advance = advance
        self.sleepers = sleepers
        self.reopen = reopen
    }

    /// A subject over a clock that is moved by hand: what to prefer, because then no check has to wait.
    public init(
        store: any TaskStore, backend: any QueueBackend, time: ManualTime,
        reopen: (@Sendable () async throws -> ConformanceSubject)? = nil
    ) {
        self.init(
            store: store, backend: backend, time: time, advance: { time.advance(by: $0) },
            sleepers: { time.sleeping }, reopen: reopen)
    }
}
