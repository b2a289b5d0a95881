import Logging
import SojournCore
import SojournModel

/// Something that has to be done again and again in the background. Every duty is safe when done twice, by two servers
/// at once: each change is a compare-and-set.
protocol Duty: Sendable {
    /// Its name in logs.
    static var name: String { get }
    /// Does a bounded part of the work; when to do the next one, if that is known to be before the interval is over.
    /// Now, where the bound was reached.
    func tick() async throws(BackendError) -> Timestamp?
}

/// Does one duty for ever.
struct DutyLoop: Sendable {
    let duty: any Duty
    /// Longest time between two ticks.
    let interval: Duration
    /// Rung when there is something to do sooner.
    let bell: Bell
    let time: any TimeSource
    let chance: Chance
    let logger: Logger

    /// Longest time between two looks at something that should be due and is not: the clock of the store is behind this
    /// one. The first look comes soon, for clocks that are nearly right.
    private static let patience: ClosedRange<Duration> = .milliseconds(2) ... .milliseconds(50)

    /// Runs until cancelled. An error is logged and the duty goes on, later and later.
    func run() async {
        var backoff = Backoff(chance: chance)
        var lastDue: Timestamp?
        var pause = Self.patience.lowerBound
        while !Task.isCancelled {
            var next = time.now().advanced(by: jittered(interval))
            do throws(BackendError) {
                let due = try await duty.tick()
                let isSame = due == lastDue
                pause = isSame ? min(pause * 2, Self.patience.upperBound) : Self.patience.lowerBound
                if let due { next = min(next, isSame ? max(due, time.now().advanced(by: pause)) : due) }
                lastDue = due
                backoff.reset()
            } catch {
                if Task.isCancelled { return }
                logger.warning("A duty failed", metadata: ["duty": "\(type(of: duty).name)", "error": "\(error)"])
                next = time.now().advanced(by: backoff.next())
            }
            await bell.wait(until: next, on: time)
        }
    }

    /// Up to a tenth earlier, so that the duties of several servers do not march in step.
    private func jittered(_ interval: Duration) -> Duration {
        var random = chance
        return interval * Double.random(in: 0.9...1, using: &random)
    }
}
