import SimulationKit
import SojournCore
import SojournModel

extension PlantedBug {
    /// Bugs of verdicts and of workers.
    static let working: [PlantedBug] = [
        verdict("a failure is retried at once", breaks: "S12") { result, _ in
            guard result.verdict.status == .retrying else { return nil }
            return Verdict(
                status: .queued, disposition: .release(at: result.report.finishedAt), countsAttempt: true)
        },
        verdict("a failure is not retried", breaks: "S9") { result, _ in
            guard result.verdict.status == .retrying else { return nil }
            return Verdict(status: .dead, disposition: .deadLetter(.retriesExhausted), countsAttempt: true)
        },
        verdict("what cannot be retried is retried", breaks: "S9") { result, _ in
            guard result.verdict.deadReason == .notRetryable else { return nil }
            return Verdict(
                status: .retrying, disposition: .release(at: result.report.finishedAt), countsAttempt: true)
        },
        verdict("there is always one more retry", breaks: "S8") { result, _ in
            guard result.verdict.deadReason == .retriesExhausted else { return nil }
            return Verdict(
                status: .retrying, disposition: .release(at: result.report.finishedAt.advanced(by: .seconds(3))),
                countsAttempt: true)
        },
        verdict("a snooze counts as an attempt", breaks: "S8") { result, _ in
            guard result.report.outcome.name == "snoozed" else { return nil }
            return Verdict(
                status: result.verdict.status, disposition: result.verdict.disposition, countsAttempt: true)
        },
        verdict("the dead have no true reason", breaks: "S9") { result, _ in
            guard result.verdict.status == .dead else { return nil }
            return Verdict(status: .dead, disposition: .deadLetter(.poison), countsAttempt: true)
        },
        source("a task is acknowledged before it is finished", breaks: "S3") { EagerSource(base: $0) },
        source("a task runs twice under one lease", breaks: "S8") { DoublingSource(base: $0) },
        source("heartbeats are not sent", breaks: "S7") { SilentSource(base: $0) },
    ]

    /// Every bug.
    static let all = keeping + handingOut + working

    private static func source(
        _ name: String, breaks: String, _ wrap: @escaping @Sendable (any TaskSource) -> any TaskSource
    ) -> PlantedBug {
        PlantedBug(name: name, breaks: breaks) { _ in
            var sabotage = Sabotage()
            sabotage.source = { base, _ in wrap(base) }
            return sabotage
        }
    }
}
