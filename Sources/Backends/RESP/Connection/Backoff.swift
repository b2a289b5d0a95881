#if Redis
import NIOCore

/// How long to wait before the next try: doubling from `base` to `cap`, and a random part of it, so that clients which
/// lost the same server do not come back all at once.
struct Backoff: Sendable, Equatable {
    var base = TimeAmount.milliseconds(50)
    var cap = TimeAmount.seconds(2)

    /// The pause before try `attempt` (from 0): between half and all of the doubled time. `chance` is from 0 to 1.
    func delay(attempt: Int, chance: Double) -> TimeAmount {
        let doublings = min(max(attempt, 0), 20)
        let (grown, overflow) = base.nanoseconds.multipliedReportingOverflow(by: 1 << Int64(doublings))
        let ceiling = overflow ? cap.nanoseconds : min(grown, cap.nanoseconds)
        let share = 0.5 + 0.5 * min(max(chance, 0), 1)
        return .nanoseconds(Int64(Double(ceiling) * share))
    }
}
#endif
