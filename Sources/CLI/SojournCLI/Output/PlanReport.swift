import Queueing
import SojournModel
import SojournPromise
import SojournWire

/// A plan for people and for programs.
struct PlanReport {
    let plan: CapacityPlan

    /// One object, with the names of the interface.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.field("offered_load", plan.offeredLoad)
            $0.field("workers", plan.workers)
            $0.field("slots", plan.slots)
            $0.field("utilization", plan.utilization)
            $0.field("max_depth", plan.maxDepth)
            $0.field("scale_at_depth", plan.scaleAtDepth)
            $0.field("hard_depth", plan.hardDepth)
            $0.field("probability_of_wait", plan.waitProbability)
            $0.field("mean_wait_seconds", plan.meanWait)
            $0.field("wait_percentile_seconds", plan.percentileWait)
            $0.field("late_share", plan.lateShare)
            $0.field("kept", plan.isKept)
            $0.field("method", plan.method)
            $0.array("findings", findings)
        }
        return writer.bytes
    }

    /// The answer, what happens when things go wrong, what other promises would cost, and doubts.
    func text() throws(QueueingError) -> String {
        let parts = [answer, try mishaps(), try prices(), findings.map { "! \($0)" }.joined(separator: "\n")]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private var level: ServiceLevel { plan.question.level }

    private var answer: String {
        let question = plan.question
        var listing = Listing()
        listing.add(
            "promise",
            "\(percent(1 - level.miss)) of \(number(question.arrivalRate)) tasks per second start within "
                + seconds(level.limit))
        listing.add(
            "kept", plan.isKept ? "yes: \(percent(plan.lateShare)) are late" : "no: \(percent(plan.lateShare)) are late"
        )
        listing.add("load", "\(number(plan.offeredLoad)) slots busy on average")
        listing.add(
            "workers",
            "\(plan.workers) with \(level.tasksPerWorker) slots each; \(plan.slots) slots are needed, busy "
                + percent(plan.utilization))
        listing.add("wait", "\(percent(plan.waitProbability)) of the tasks wait; \(seconds(plan.meanWait)) on average")
        listing.add("percentile", "\(percent(1 - level.miss)) wait at most \(seconds(plan.percentileWait))")
        listing.add(
            "max depth",
            "\(number(plan.maxDepth)) tasks (L = λ·W); \(plan.hardDepth) waiting ones are safe for sure (T1)")
        listing.add(
            "scale at",
            plan.scaleAtDepth > 0
                ? "\(number(plan.scaleAtDepth)) waiting, at the latest, if the load doubles (T4)"
                : "no depth is early enough if the load doubles: starting takes \(seconds(level.startup)) (T4)")
        listing.add("method", plan.method)
        return listing.text
    }

    private func mishaps() throws(QueueingError) -> String {
        var table = Table([("IF", .left), ("BUSY", .right), ("LATE", .right), ("", .left)])
        let cases = [
            ("the load doubles", try plan.afterLoad(times: 2)), ("one worker is lost", try plan.afterLosingWorker()),
        ]
        for (name, mishap) in cases {
            var note = ""
            if mishap.firstLateAfter.isFinite {
                note = "the first after \(seconds(mishap.firstLateAfter))"
                if mishap.unavoidablyLate >= 1 {
                    note += ", \(number(mishap.unavoidablyLate)) before new workers can help (T5)"
                }
            }
            table.add([
                name, mishap.utilization.isFinite ? percent(mishap.utilization) : Words.none,
                percent(mishap.lateShare), note,
            ])
        }
        return table.text
    }

    private func prices() throws(QueueingError) -> String {
        let prices = try plan.prices()
        let misses = Set(prices.map(\.miss)).sorted(by: >)
        var table = Table([("SLOTS FOR", .left)] + misses.map { (percent(1 - $0), .right) })
        for limit in Set(prices.map(\.limit)).sorted() {
            table.add(
                [seconds(limit)]
                    + misses.map { miss in
                        Words.count(prices.first { $0.limit == limit && $0.miss == miss }?.slots)
                    })
        }
        return table.text
    }

    /// Why the promise is impossible or doubtful.
    private var findings: [String] {
        var circumstances = ServiceLevelLinter.Circumstances()
        circumstances.arrivalRate = plan.question.arrivalRate
        circumstances.serviceTime = plan.question.serviceTime
        circumstances.serviceVariation = plan.question.serviceVariation
        circumstances.startup = level.startup
        return ServiceLevelLinter(level, circumstances).findings.map { "\($0)" }
    }

    private func seconds(_ value: Double) -> String { Words.duration(.clamping(seconds: value)) }

    private func number(_ value: Double) -> String { Words.fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0) }

    private func percent(_ share: Double) -> String {
        let percent = share * 100
        return "\(Words.fixed(percent, percent > 0 && (percent < 1 || percent > 99) && percent < 100 ? 3 : 1)) %"
    }
}
