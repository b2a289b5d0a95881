import Logging
import SojournCore
import SojournModel

/// Something that has to be done again and again in the background. Every duty is safe when done twice, by two servers
/// at once: each change is a compare-and-set.
protocol Duty: Sendable {
    /// Its name in logs.
    static var name: String { get }
    /// Does a bounded part of the work; when to do the next one, if that is known to be before the interval is over.
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

    /// Runs until cancelled. An error is logged and the duty goes on, later and later.
    func run() async {
        var backoff = Backoff(chance: chance)
        while !Task.isCancelled {
            var next = time.now().advanced(by: jittered(interval))
            do throws(BackendError) {
                if let due = try await duty.tick() { next = min(next, due) }
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
