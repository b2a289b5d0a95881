import SojournModel

/// Whether the channel of hints can be used, and what it missed while it could not.
struct HintHealth: Sendable, Equatable {
    private(set) var isUp = true
    /// When the first of the tasks became available whose hints are missing.
    private var missed: Timestamp?
    private var wasComplete = false

    /// Notes a failed call; whether that is news.
    mutating func fail() -> Bool {
        defer { isUp = false }
        return isUp
    }

    /// Notes that the channel is complete; whether it was so before, and a loss in between is worth a warning.
    mutating func sawComplete() -> Bool {
        defer { wasComplete = true }
        return wasComplete
    }

    /// Notes that hints of tasks which are available since `instant` were not pushed.
    mutating func miss(since instant: Timestamp) { missed = min(missed ?? instant, instant) }

    /// Notes an answer; whether that is news, and since when hints are missing.
    mutating func answer() -> (isNews: Bool, missed: Timestamp?) {
        defer {
            isUp = true
            missed = nil
        }
        return (!isUp, missed)
    }
}
