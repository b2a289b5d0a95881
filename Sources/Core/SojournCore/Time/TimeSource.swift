public import SojournModel

/// Time as the system sees it. ``SystemTime`` in production, ``ManualTime`` in tests.
///
/// Every instant that a decision depends on comes from here, so that a test or a simulation can own it.
public protocol TimeSource: Sendable {
    /// The instant now. Never goes back.
    func now() -> Timestamp
    /// Returns after `duration`, or throws `CancellationError` as soon as the surrounding task is cancelled.
    func sleep(for duration: Duration) async throws
    /// Returns once `instant` has come, or throws `CancellationError` as soon as the surrounding task is cancelled.
    func sleep(until instant: Timestamp) async throws
}

extension TimeSource {
    /// Sleeps for what is left until then.
    public func sleep(until instant: Timestamp) async throws {
        let remaining = instant.duration(since: now())
        if remaining > .zero { try await sleep(for: remaining) }
    }
}
