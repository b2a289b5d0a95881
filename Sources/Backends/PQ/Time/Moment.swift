#if Postgres
import Dispatch

/// A point on the monotonic clock.
struct Moment: Sendable, Comparable {
    var nanoseconds: UInt64

    static var now: Moment { Moment(nanoseconds: DispatchTime.now().uptimeNanoseconds) }

    static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }

    static func + (moment: Moment, duration: Duration) -> Moment {
        let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(UInt64(max(0, duration.nanoseconds)))
        return Moment(nanoseconds: overflow ? .max : sum)
    }

    /// The time from `start` to here; zero if it lies behind.
    func since(_ start: Moment) -> Duration {
        self > start ? .nanoseconds(Int64(clamping: nanoseconds - start.nanoseconds)) : .zero
    }

    /// Waits until then, or until the caller's task is cancelled.
    func wait() async {
        try? await Task.sleep(for: since(.now))
    }

    /// Returns at this moment, also where the caller was cancelled.
    func come() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Watch.performElsewhere(at: self) { continuation.resume() }
        }
    }
}

extension Duration {
    /// Whole nanoseconds, at most what a number can hold.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds > 0 ? .max : .min }
        let (sum, tooLarge) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return tooLarge ? .max : sum
    }
}
#endif
