import SojournCore
import SojournModel
public import SojournWire

/// What a load found.
public struct LoadReport: JSONWritable, Sendable {
    /// Tasks that were accepted.
    public var tasks: Int
    /// From the first task's acceptance to the last one's end.
    public var seconds: Double
    /// The same for all tasks but those that sleep, and how many those are.
    public var drain: (tasks: Int, seconds: Double)
    /// From when a task was due (with a rate) or sent to its acceptance.
    public var acceptance: Spread
    /// From when a task became available, or was due to be sent, to the start of its first attempt.
    public var wait: Spread
    /// How long attempts ran.
    public var run: Spread
    /// Tasks that succeeded.
    public var succeeded: Int
    /// Tasks that ended otherwise.
    public var failed: Int
    /// Attempts after a task's first.
    public var retries: Int
    /// Leases that ran out.
    public var reaped: Int
    /// Tasks that are dead letters.
    public var dead: Int
    /// Tasks that were refused because they could not have started in time.
    public var rejected: Int
    /// Accepted tasks without a record: deleted meanwhile, or lost.
    public var missing: Int
    /// The longest wait that is promised.
    public var limit: Duration?
    /// The share of accepted tasks that started within it, 0 to 1.
    public var attainment: Double?

    init(plan: LoadPlan, sent: LoadSent, survey: Survey, limit: Duration?) {
        let span = { (end: Timestamp) in max(0, end.duration(since: survey.firstEnqueued).inSeconds) }
        tasks = sent.accepted
        seconds = survey.found == 0 ? 0 : span(survey.lastEnded)
        drain = (survey.found - survey.sleepers, survey.found == survey.sleepers ? 0 : span(survey.lastDrained))
        acceptance = sent.acceptance
        wait = survey.waits
        run = survey.runs
        succeeded = survey.byStatus[.succeeded] ?? 0
        failed = survey.found - succeeded
        retries = survey.retries
        reaped = survey.reaped
        dead = survey.byStatus[.dead] ?? 0
        rejected = sent.rejected
        missing = max(0, sent.accepted - survey.found)
        self.limit = limit
        attainment = limit.flatMap { limit in
            wait.share(within: limit).map { $0 * Double(wait.count) / Double(max(1, sent.accepted)) }
        }
    }

    /// Tasks that ended, per second.
    public var throughput: Double { Double(tasks - missing) / max(seconds, 0.000_001) }

    /// The report as one JSON object.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// Writes the report.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("tasks", tasks)
            writer.field("seconds", seconds)
            writer.field("throughput", throughput)
            writer.object("drain") { writer in
                writer.field("tasks", drain.tasks)
                writer.field("seconds", drain.seconds)
            }
            acceptance.write("enqueue", to: &writer)
            wait.write("wait", to: &writer)
            run.write("run", to: &writer)
            writer.field("succeeded", succeeded)
            writer.field("failed", failed)
            writer.field("retries", retries)
            writer.field("reaped", reaped)
            writer.field("dead", dead)
            writer.field("rejected", rejected)
            writer.field("missing", missing)
            writer.field("sla_seconds", seconds: limit)
            writer.field("sla_attainment", attainment)
        }
    }
}
