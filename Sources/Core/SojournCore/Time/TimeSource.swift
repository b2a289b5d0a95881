public import SojournModel

/// Time as the system sees it. ``SystemTime`` in production, ``ManualTime`` in tests.
///
/// Every instant that a decision depends on comes from here, so that a test or a simulation can own it.
public protocol TimeSource: Sendable {
    /// The instant now. Never goes back.
    func now() -> Timestamp
    /// Calls `ring` once, at `instant`, or at once where that has passed; not any more when the alarm is off. `ring`
    /// must not block.
    func alarm(at instant: Timestamp, _ ring: @escaping @Sendable () -> Void) -> Alarm
}

/// What keeps an alarm on.
public final class Alarm: Sendable {
    private let turnOff: @Sendable () -> Void

    /// An alarm; `turnOff` is called when nobody holds it any more, also after it rang.
    public init(_ turnOff: @escaping @Sendable () -> Void) { self.turnOff = turnOff }

    deinit { turnOff() }
}

extension TimeSource {
    /// Returns after `duration`, or throws `CancellationError` as soon as the surrounding task is cancelled.
    public func sleep(for duration: Duration) async throws { try await sleep(until: now().advanced(by: duration)) }

    /// Returns once `instant` has come, or throws `CancellationError` as soon as the surrounding task is cancelled.
    public func sleep(until instant: Timestamp) async throws {
        try Task.checkCancellation()
        // A clock that is corrected meanwhile may ring early.
        while instant > now() {
            await OneShot().wait(until: instant, on: self)
            try Task.checkCancellation()
        }
    }
}
