public import SojournModel

/// A clock that is off by a constant, for tests and simulations: another machine's.
///
/// ``SystemTime`` reads the wall clock once, at the start of a process, and goes by the monotonic clock from then on;
/// so what is left of a jump of the wall clock is a process that is off from its start to its end, unless it follows a
/// store (``StoreTime``).
public struct OffsetTime: TimeSource {
    private let base: any TimeSource
    /// How far it is ahead.
    public let offset: Duration

    /// A clock that is so far ahead of `base`.
    public init(base: any TimeSource = SystemTime(), offset: Duration) {
        self.base = base
        self.offset = offset
    }

    /// Where the clock stands.
    public func now() -> Timestamp { base.now().advanced(by: offset) }

    /// Rings when the clock has come to `instant`.
    public func alarm(at instant: Timestamp, _ ring: @escaping @Sendable () -> Void) -> Alarm {
        base.alarm(at: instant.advanced(by: .zero - offset), ring)
    }
}
