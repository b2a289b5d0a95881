#if Postgres
/// How long to wait before the next try: doubling from `base` to `cap`, and a random part of it, so that clients which
/// lost the same server do not come back all at once.
struct Backoff: Sendable, Equatable {
    var base = Duration.milliseconds(50)
    var cap = Duration.seconds(2)

    /// The pause after `failures` (from 1): between half and all of the doubled time. `chance` is from 0 to 1.
    func delay(failures: Int, chance: Double) -> Duration {
        let doublings = min(max(failures, 1) - 1, 20)
        let grown = min(base * (1 << doublings), cap)
        return grown * (0.5 + 0.5 * min(max(chance, 0), 1))
    }
}
#endif
