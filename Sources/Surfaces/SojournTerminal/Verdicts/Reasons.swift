import SojournModel
import SojournWire

/// Why a queue stands as it does and what to do: the first cause that applies, those that explain others first.
struct Reasons {
    typealias Reason = (why: String, advice: String)

    let facts: QueueFacts

    private var insight: QueueInsight { facts.insight }
    private var name: QueueName { facts.view.name }

    func first(_ standing: Standing) -> Reason {
        if facts.view.isPaused { return paused }
        if facts.isUnserved { return unserved }
        switch standing {
        case .broken, .atRisk: return trouble ?? calm(standing)
        case .keeps, .paused, .noPromise, .idle: return deadLetters ?? calm(standing)
        }
    }

    /// `3 tasks wait`.
    private var line: String {
        let waiting = facts.view.waiting
        return "\(Numerals.counted(waiting, "task")) \(waiting == 1 ? "waits" : "wait")"
    }

    private var paused: Reason {
        let late = facts.lateness > 1 ? ", the oldest longer than \(facts.limit)" : ""
        return ("paused: \(line)\(late), none is handed out", "press p to resume")
    }

    private var unserved: Reason {
        guard facts.isGrowing else {
            return ("no worker serves it, and \(line)", "start one: sojourn worker --queue \(name)")
        }
        let wanted = Numerals.counted(insight.desiredWorkers ?? 0, "worker")
        let startup = insight.startup.map { ", which takes \(Numerals.duration($0))" } ?? ""
        return (
            "\(line), and no worker is there yet",
            "let \(wanted) start\(startup); if none comes, read the server's log"
        )
    }

    // MARK: What breaks a promise

    /// What breaks the promise, or will; nil where nothing does.
    var trouble: Reason? {
        if facts.isUnserved { return unserved }
        if facts.startsFromNothing { return fromNothing }
        if facts.isAboveContract { return aboveContract }
        if let slowdown = facts.slowdown { return slower(slowdown) }
        if facts.lacksWorkers { return growing }
        if facts.suffersFromRetries { return retries }
        if facts.isSaturated { return saturated }
        if facts.isLate || facts.isNearlyLate { return waiting }
        if facts.refusedLately > 0 { return refusing }
        return budget ?? audit
    }

    private var fromNothing: Reason {
        (
            "no worker runs, and the next task would wait \(Numerals.duration(insight.predictedWait)) for one",
            "set min_workers to 1 or more, or give it a longer sla_seconds"
        )
    }

    private func slower(_ slowdown: Double) -> Reason {
        (
            "attempts take \(Numerals.duration(insight.serviceTime)), "
                + "\(Numerals.rate(slowdown)) times as long as before",
            "see what the handler waits for; more workers can make that slower"
        )
    }

    private var retries: Reason {
        (
            "tasks fail: each takes \(Numerals.fixed(insight.retryAmplification ?? 1, 1)) attempts",
            "see why: sojourn tasks list --queue \(name) --status retrying"
        )
    }

    private var saturated: Reason {
        (
            "the workers are busy \(Numerals.share(insight.utilization)): more comes than they can start",
            "raise max_workers (sojourn plan --from-queue \(name) says to what), or make the tasks shorter"
        )
    }

    private var refusing: Reason {
        (
            "\(Numerals.counted(facts.refusedLately, "task")) refused lately: they could not have started in time",
            "raise max_workers if they should be taken; their producers were told when to try again"
        )
    }

    private var aboveContract: Reason {
        let contract = Numerals.rate(facts.promise?.arrivalRate)
        let why = "λ \(Numerals.rate(insight.arrivalRate))/s is above the contract of \(contract)/s"
        guard let refused = insight.refusals, refused > 0 else {
            return (why, "raise arrival_rate and max_workers, or let admission refuse (overflow: reject)")
        }
        return (
            "\(why); \(Numerals.count(refused)) were refused",
            "raise arrival_rate and max_workers, or slow the callers down"
        )
    }

    private var growing: Reason {
        let workers = insight.workers ?? 0
        let startup = insight.startup.map { ", a start takes \(Numerals.duration($0))" } ?? ""
        return (
            "\(workers) of \(Numerals.counted(insight.desiredWorkers ?? 0, "worker")) "
                + "\(workers == 1 ? "is" : "are") there\(startup)",
            "let them start; if they do not come, read the server's log"
        )
    }

    private var waiting: Reason {
        if facts.isLate {
            return (
                "the oldest task has waited \(Numerals.duration(facts.view.oldestWait)), longer than \(facts.limit)",
                "see what holds the slots: sojourn tasks list --queue \(name) --status running"
            )
        }
        return (
            "a task that comes now waits up to \(Numerals.duration(facts.waitNow)), and \(facts.limit) are promised",
            "raise max_workers: sojourn plan --from-queue \(name) says to what"
        )
    }

    private var budget: Reason? {
        let used = "\(Numerals.share(facts.budgetUsed)) of the error budget"
        if (facts.budgetUsed ?? 0) > 1, facts.burnsNow ?? 0 <= 1 {
            return (
                "tasks start in time now, but too many were late: \(used) is used",
                "nothing now; it recovers while tasks start in time"
            )
        }
        if let burns = facts.burnsNow, burns > 1 {
            return (
                "tasks start late \(Numerals.rate(burns)) times as often as allowed; \(used) is used",
                "raise min_workers or burst_factor: sojourn plan --from-queue \(name)"
            )
        }
        if (facts.budgetUsed ?? 0) < 0.75 { return nil }
        return ("\(used) is used", "hold back risky changes; raise min_workers")
    }

    private var audit: Reason? {
        guard let audit = insight.audit, audit.diagnosis != "depth and waits agree" else { return nil }
        return (
            "the audit says: \(audit.diagnosis)",
            "the figures of this queue may be off; compare them with the store, and report it"
        )
    }

    // MARK: What is well

    private var deadLetters: Reason? {
        let dead = facts.count(.dead)
        guard dead > 0 else { return nil }
        return (
            Numerals.counted(dead, "dead letter"), "press r to replay; why they died: sojourn dlq list --queue \(name)"
        )
    }

    private func calm(_ standing: Standing) -> Reason {
        switch standing {
        case .noPromise:
            return (
                "it promises nothing, so nothing can be late",
                "to promise something, set sla_seconds: sojourn plan --from-queue \(name)"
            )
        case .idle: return ("nothing waits and nothing runs", "nothing to do")
        case .keeps, .broken, .atRisk, .paused:
            let share = insight.attainment.map { "\(Numerals.share($0)) started within \(facts.limit)" }
            return ("\(share ?? "nothing waits longer than \(facts.limit)"); \(facts.rates)", "nothing to do")
        }
    }
}
