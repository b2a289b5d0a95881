import Foundation
public import SojournModel

/// The machine's clock: the wall clock at start, moved on by the monotonic clock.
///
/// A jump of the wall clock while the process runs therefore neither expires leases nor makes them immortal
/// (decision D9). What a long-running process gains in steadiness it may lose in agreement with a wall clock that was
/// corrected later; absolute times from outside (`run_at`) are off by that correction until the next start.
public struct SystemTime: TimeSource {
    private let origin = ContinuousClock.now
    private let wallAtOrigin = Timestamp(
        microseconds: Int64(clamping: Int((Date().timeIntervalSince1970 * 1_000_000).rounded())))

    /// Anchors the clock now.
    public init() {}

    /// The instant now.
    public func now() -> Timestamp { wallAtOrigin.advanced(by: origin.duration(to: .now)) }

    /// Sleeps on the monotonic clock.
    public func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }
}
