import SojournModel
import SojournWire

/// Why a queue stands as it does and what to do: the first cause that applies, those that explain others first.
struct Reasons {
    typealias Reason = (why: String, advice: String)

    let facts: QueueFacts
    let standing: Standing

    private var insight: QueueInsight { facts.insight }
    private var name: QueueName { facts.view.name }

    var first: Reason {
        if facts.view.isPaused { return paused }
        if facts.isUnserved { return unserved }
        switch standing {
        case .broken, .atRisk: return trouble
        case .keeps, .paused, .noPromise, .idle: return deadLetters ?? calm
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

    private var trouble: Reason {
        if facts.isAboveContract { return aboveContract }
        if let slowdown = facts.slowdown {
            return (
                "attempts take \(Numerals.duration(insight.serviceTime)), "
                    + "\(Numerals.rate(slowdown)) times as long as before",
                "see what the handler waits for; more workers can make that slower"
            )
        }
        if facts.isGrowing { return growing }
        if let attempts = insight.retryAmplification, attempts > 1.5 {
            return (
                "tasks fail: each takes \(Numerals.fixed(attempts, 1)) attempts",
                "see why: sojourn tasks list --queue \(name) --status retrying"
            )
        }
        if let busy = insight.utilization, busy > 0.95 {
            return (
                "the workers are busy \(Numerals.share(busy)): more comes than they can start",
                "raise max_workers (sojourn plan --from-queue \(name) says to what), or make the tasks shorter"
            )
        }
        return facts.lateness > Standing.nearly ? waiting : budget
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

    private var budget: Reason {
        let used = "\(Numerals.share(facts.budgetUsed)) of the error budget"
        guard let burns = facts.burnsNow, burns > 1 else {
            return (
                "tasks start in time now, but too many were late: \(used) is used",
                "nothing now; it recovers while tasks start in time"
            )
        }
        return (
            "tasks start late \(Numerals.rate(burns)) times as often as allowed; \(used) is used",
            "raise min_workers or burst_factor: sojourn plan --from-queue \(name)"
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

    private var calm: Reason {
        switch standing {
        case .noPromise:
            return (
                "it promises nothing, so nothing can be late",
                "to promise something, set sla_seconds: sojourn plan --from-queue \(name)"
            )
        case .idle: return ("nothing waits and nothing runs", "nothing to do")
        case .keeps, .broken, .atRisk, .paused:
            let share = insight.attainment.map { "\(Numerals.share($0)) started within \(facts.limit)" }
            let above = facts.isAboveContract ? ", above the contract" : ""
            return ("\(share ?? "nothing waits longer than \(facts.limit)"); \(facts.rates)\(above)", "nothing to do")
        }
    }
}
