import Foundation
public import SojournModel

/// The machine's clock: the wall clock at start, moved on by the monotonic clock.
///
/// A jump of the wall clock while the process runs therefore neither expires leases nor makes them immortal
/// (decision D9). What a long-running process gains in steadiness it may lose in agreement with a wall clock that was
/// corrected later; absolute times from outside (`run_at`) are off by that correction until the next start.
public struct SystemTime: TimeSource {
    private let origin = ContinuousClock.now
    private let wallAtOrigin = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))

    /// Anchors the clock now.
    public init() {}

    /// The instant now.
    public func now() -> Timestamp { wallAtOrigin.advanced(by: origin.duration(to: .now)) }

    /// Rings by the monotonic clock, on a thread of its own: a timer of the shared pool would wait for handlers that
    /// never yield, and hold up the heartbeats.
    public func alarm(at instant: Timestamp, _ ring: @escaping @Sendable () -> Void) -> Alarm {
        let id = Alarms.shared.add(after: instant.duration(since: now()), ring)
        return Alarm { Alarms.shared.remove(id) }
    }
}
