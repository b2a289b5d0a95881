import SojournModel
import SojournWire
import Testing

@testable import SojournTerminal

@Suite("Whether a queue keeps its promise") struct VerdictTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var standing: Standing
        var why: String
        var advice: String
        var change: @Sendable (inout QueueView) -> Void

        init(
            _ standing: Standing, _ why: String, _ advice: String,
            _ change: @escaping @Sendable (inout QueueView) -> Void
        ) {
            (self.standing, self.why, self.advice, self.change) = (standing, why, advice, change)
        }

        var testDescription: String { why }
    }

    static let cases: [Case] = [
        Case(.keeps, "100 % started within 2 s; λ 12/s of 20/s", "nothing to do") { _ in },
        Case(.paused, "paused: 4 tasks wait, none is handed out", "press p to resume") { $0.isPaused = true },
        Case(.paused, "paused: 4 tasks wait, the oldest longer than 2 s, none is handed out", "press p to resume") {
            $0.isPaused = true
            $0.oldestWait = .seconds(9)
        },
        Case(.atRisk, "no worker serves it, and 4 tasks wait", "start one: sojourn worker --queue mail") {
            ($0.insight.workers, $0.insight.desiredWorkers) = (0, 0)
        },
        Case(
            .broken, "4 tasks wait, and no worker is there yet",
            "let 2 workers start, which takes 3.0 s; if none comes, read the server's log"
        ) {
            ($0.insight.workers, $0.insight.startup, $0.oldestWait) = (0, .seconds(3), .seconds(3))
        },
        Case(
            .broken, "λ 157/s is above the contract of 20/s",
            "raise arrival_rate and max_workers, or let admission refuse (overflow: reject)"
        ) {
            ($0.insight.arrivalRate, $0.oldestWait) = (157.2, .seconds(3))
        },
        Case(
            .atRisk, "λ 157/s is above the contract of 20/s; 12 were refused",
            "raise arrival_rate and max_workers, or slow the callers down"
        ) {
            ($0.insight.arrivalRate, $0.insight.refusals, $0.insight.predictedWait) = (157.2, 12, .seconds(3))
        },
        Case(
            .atRisk, "λ 30/s is above the contract of 20/s",
            "raise arrival_rate and max_workers, or let admission refuse (overflow: reject)"
        ) { $0.insight.arrivalRate = 30 },
        Case(
            .broken, "2 of 4 workers are there, a start takes 1.5 s",
            "let them start; if they do not come, read the server's log"
        ) {
            ($0.insight.desiredWorkers, $0.insight.startup, $0.oldestWait) = (4, .seconds(1.5), .seconds(3))
        },
        Case(.keeps, "100 % started within 2 s; λ 12/s of 20/s", "nothing to do") {
            $0.insight.desiredWorkers = 4
        },
        Case(
            .atRisk, "no worker runs, and the next task would wait 3.0 s for one",
            "set min_workers to 1 or more, or give it a longer sla_seconds"
        ) {
            $0.depth[.default]?[.queued] = 0
            ($0.oldestWait, $0.insight.workers, $0.insight.predictedWait) = (nil, 0, .seconds(3))
        },
        Case(
            .atRisk, "tasks fail: each takes 1.6 attempts",
            "see why: sojourn tasks list --queue mail --status retrying"
        ) { ($0.insight.retryAmplification, $0.insight.utilization) = (1.6, 0.75) },
        Case(
            .broken, "tasks fail: each takes 2.3 attempts",
            "see why: sojourn tasks list --queue mail --status retrying"
        ) {
            ($0.insight.retryAmplification, $0.oldestWait) = (2.3, .seconds(3))
        },
        Case(
            .broken, "the workers are busy 140 %: more comes than they can start",
            "raise max_workers (sojourn plan --from-queue mail says to what), or make the tasks shorter"
        ) {
            ($0.insight.utilization, $0.oldestWait) = (1.4, .seconds(3))
        },
        Case(
            .broken, "the oldest task has waited 61.0 s, longer than 2 s",
            "see what holds the slots: sojourn tasks list --queue mail --status running"
        ) { $0.oldestWait = .seconds(61) },
        Case(
            .atRisk, "a task that comes now waits up to 1.5 s, and 2 s are promised",
            "raise max_workers: sojourn plan --from-queue mail says to what"
        ) { $0.insight.predictedWait = .milliseconds(1_500) },
        Case(.atRisk, "80.0 % of the error budget is used", "hold back risky changes; raise min_workers") {
            $0.insight.errorBudgetUsed = 0.8
        },
        Case(
            .atRisk, "the audit says: tasks leak",
            "the figures of this queue may be off; compare them with the store, and report it"
        ) { $0.insight.audit = AuditView(gap: 9, relativeGap: 0.5, slope: 1, diagnosis: "tasks leak") },
        Case(
            .atRisk, "tasks start late 6 times as often as allowed; 10.0 % of the error budget is used",
            "raise min_workers or burst_factor: sojourn plan --from-queue mail"
        ) {
            $0.insight.burnRates = [
                BurnRate(window: .seconds(3_600), rate: 1), BurnRate(window: .seconds(300), rate: 6),
            ]
        },
        Case(
            .broken, "tasks start in time now, but too many were late: 130 % of the error budget is used",
            "nothing now; it recovers while tasks start in time"
        ) { $0.insight.errorBudgetUsed = 1.3 },
        Case(
            .keeps, "3 dead letters", "press r to replay; why they died: sojourn dlq list --queue mail"
        ) { $0.depth[.default]?[.dead] = 3 },
        Case(.idle, "nothing waits and nothing runs", "nothing to do") {
            $0 = Views.idle("mail")
        },
        Case(
            .noPromise, "it promises nothing, so nothing can be late",
            "to promise something, set sla_seconds: sojourn plan --from-queue mail"
        ) { $0.promise = nil },
    ]

    @Test(arguments: cases) func says(item: Case) {
        var view = Views.calm()
        item.change(&view)
        let verdict = Verdict(QueueFacts(view: view))
        #expect(verdict.standing == item.standing)
        #expect(verdict.why == item.why)
        #expect(verdict.advice == item.advice)
    }

    /// The dashboard is held against the same table, in a browser.
    @Test func theStatesAreThoseOfTheDashboard() throws {
        let table = try VerdictTable()
        #expect(table.cases.count > 20)
        for item in table.cases {
            let verdict = Verdict(QueueFacts(view: item.view, past: item.past))
            #expect(verdict.standing.word == item.state, "\(item.description)")
        }
    }

    @Test func slowAttemptsExplainMoreThanMissingWorkers() {
        var view = Views.broken()
        view.insight.arrivalRate = 12
        let verdict = Verdict(QueueFacts(view: view, past: QueuePast(service: .milliseconds(26))))
        #expect(verdict.why == "attempts take 104 ms, 4 times as long as before")
    }

    @Test func whatWasBeforeCounts() {
        var view = Views.calm()
        (view.insight.desiredWorkers, view.insight.refusals) = (4, 12)
        var history = QueueHistory()
        func look(after seconds: Int) -> SojournTerminal.Verdict {
            let now = Views.start.advanced(by: .seconds(seconds))
            history.add(QueueFacts(view: view), at: now)
            return SojournTerminal.Verdict(QueueFacts(view: view, past: history.past(at: now)))
        }
        #expect(look(after: 0).standing == .keeps, "they were just asked for")
        #expect(look(after: 6).why == "2 of 4 workers are there")
        view.insight.desiredWorkers = 2
        #expect(look(after: 7).standing == .keeps)
        view.insight.refusals = 15
        #expect(look(after: 8).why == "3 tasks refused lately: they could not have started in time")
        #expect(look(after: 70).standing == .atRisk)
        #expect(look(after: 130).standing == .keeps, "that is long ago")
    }

    @Test func withoutWindowsTheBudgetIsThatOfAllStarts() {
        var view = Views.calm()
        view.insight.errorBudgetUsed = nil
        view.insight.attainment = 0.998
        #expect(Standing(QueueFacts(view: view)) == .broken)
    }

    @Test func aQueueThatNobodyServesComesBeforeThoseThatKeep() {
        var stuck = Views.plain()
        stuck.insight.workers = 0
        let ranks = [Views.broken(), Views.paused(), stuck, Views.calm(), Views.plain(), Views.idle()].map {
            Verdict(QueueFacts(view: $0)).rank
        }
        #expect(ranks == ranks.sorted())
        #expect(Set(ranks).count == ranks.count)
    }
}
