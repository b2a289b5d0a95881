import SojournCore
import SojournLoad
import SojournModel
import Synchronization

/// A load's report for people.
enum LoadTables {
    /// The whole report.
    static func listing(_ report: LoadReport) -> String {
        var listing = Listing()
        listing.add(
            "tasks",
            "\(report.tasks) in \(Words.fixed(report.seconds, 2)) s (\(Words.fixed(report.throughput, 0)) per second)")
        if report.drain.tasks != report.tasks - report.missing {
            listing.add(
                "drain", "all \(report.drain.tasks) but the sleepers in \(Words.fixed(report.drain.seconds, 2)) s")
        }
        listing.add("enqueue", spread(report.acceptance))
        listing.add("wait", spread(report.wait))
        listing.add("run", spread(report.run))
        listing.add(
            "ended",
            "\(report.succeeded) succeeded, \(report.failed) did not, of them \(report.dead) dead letters")
        listing.add("attempts", "\(report.retries) retries, \(report.reaped) leases ran out")
        if report.rejected > 0 { listing.add("refused", "\(report.rejected), because they could not start in time") }
        if report.missing > 0 { listing.add("missing", "\(report.missing) accepted tasks have no record") }
        listing.add(
            "in time",
            report.limit.map { "\(Words.share(report.attainment)) started within \(Words.duration($0))" })
        return listing.text
    }

    private static func spread(_ spread: Spread) -> String {
        let times = [50.0, 95, 99].map { "\(Int($0)) % \(Words.duration(spread.percentile($0)))" }
        return (times + ["longest \(Words.duration(spread.max))"]).joined(separator: ", ")
    }

    /// One row beside the preset's, and what so many slots need at the least.
    static func comparison(_ report: LoadReport, _ preset: LoadPreset, _ plan: LoadPlan, slots: Int) -> String {
        var table = Table([
            (preset.name, .left), ("DRAIN", .right), ("PER SECOND", .right), ("P95 RUN", .right), ("P95 WAIT", .right),
            ("FAILED", .right), ("RETRIES", .right), ("REAPED", .right),
        ])
        let mine = LoadPreset.Row(
            name: "this run", seconds: report.drain.seconds,
            throughput: Double(report.drain.tasks) / max(report.drain.seconds, 0.001),
            run: report.run.percentile(95)?.inSeconds, wait: report.wait.percentile(95)?.inSeconds,
            failed: Double(report.failed) / Double(max(1, report.tasks)) * 100, retries: report.retries,
            reaped: report.reaped)
        let least = plan.drainLimit(slots: slots)
        let limit = LoadPreset.Row(
            name: "limit of \(slots) slots", seconds: least, throughput: Double(report.drain.tasks) / max(least, 0.001))
        for row in [mine, limit] + preset.rows { table.add(cells(row)) }
        return table.text
    }

    private static func cells(_ row: LoadPreset.Row) -> [String] {
        let seconds = { (value: Double?) in Words.duration(value.map { .clamping(seconds: $0) }) }
        return [
            row.name, seconds(row.seconds), row.throughput.map { Words.fixed($0, 0) } ?? Words.none,
            seconds(row.run), seconds(row.wait), row.failed.map { "\(Words.fixed($0, 1)) %" } ?? Words.none,
            Words.count(row.retries), Words.count(row.reaped),
        ]
    }
}

/// Tells how far a load has come.
final class LoadProgress: Sendable {
    private let sending: Mutex<Progress>
    private let draining: Mutex<Progress>

    init(tasks: Int, time: any TimeSource) {
        sending = Mutex(Progress("tasks sent", of: tasks, time: time))
        draining = Mutex(Progress("tasks have not ended", of: tasks, time: time))
    }

    func show(_ stage: LoadRun.Stage) {
        switch stage {
        case .sending(let done): sending.withLock { $0.show(done) }
        case .draining(let left): draining.withLock { $0.show(left) }
        }
    }

    func end() { draining.withLock { $0.end() } }
}
