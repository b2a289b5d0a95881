/// How often what goes wrong.
package struct FaultRates: Sendable, Equatable {
    /// Calls that never reach the other side.
    package var refused = 0
    /// Calls that are done, and whose answer is lost.
    package var answersLost = 0
    /// Batches of which only the beginning is done, and whose answer is lost.
    package var torn = 0
    /// Processes that die before a call, or after it.
    package var crashes = 0
    /// Calls that take seconds.
    package var slow = 0
    /// Hints that are lost, doubled or put in a wrong place.
    package var hints = 0

    /// Nothing goes wrong.
    package init() {}

    /// Each in a million calls; `level` 0 is a calm day, 3 a very bad one.
    package init(level: Int) {
        let unit = [0, 2_000, 10_000, 30_000][min(max(0, level), 3)]
        refused = unit
        answersLost = unit
        torn = unit
        crashes = unit / 10
        slow = unit
        hints = unit
    }
}
