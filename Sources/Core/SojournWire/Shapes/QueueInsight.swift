public import SojournModel

/// What the control plane knows about a queue's traffic and its workers; what it does not know is nil.
public struct QueueInsight: Sendable, Hashable {
    /// λ, measured: tasks that come per second.
    public var arrivalRate: Double?
    /// The mean time that an attempt takes.
    public var serviceTime: Duration?
    /// Variance over squared mean of that time: 0 constant, 1 exponential.
    public var serviceVariation: Double?
    /// Attempts per task: 1 where nothing is retried.
    public var retryAmplification: Double?
    /// ρ, the share of time in which the workers are busy.
    public var utilization: Double?
    /// L, the most tasks that may be in the queue while its promise holds.
    public var maxDepth: Double?
    /// How long a task that comes now will wait.
    public var predictedWait: Duration?
    /// How long a task that was just accepted was told to wait at most, in 95 of 100 cases.
    public var quotedWait: Duration?
    /// The share of such quotes that held.
    public var quotesHeld: Double?
    /// How long 99 of 100 tasks waited at most, since the start of the server.
    public var actualWait: Duration?
    /// The share of tasks that started in time, 0 to 1.
    public var attainment: Double?
    /// How many tasks that had a promise started, or died in the line.
    public var starts: Int?
    /// How many of them started late, or never.
    public var breaches: Int?
    /// How many tasks were refused because they could not have started in time.
    public var refusals: Int?
    /// The share of the tasks that may be late of which this many have been used up; above 1, the promise is broken.
    public var errorBudgetUsed: Double?
    /// How fast the error budget is used up, by window in seconds; 1 = as fast as it may be.
    public var burnRates: [BurnRate]
    /// What the audit by Little's law found in the line of waiting tasks.
    public var audit: AuditView?
    /// How many workers there are.
    public var workers: Int?
    /// How many there should be.
    public var desiredWorkers: Int?
    /// How many tasks they can run at once.
    public var slots: Int?
    /// How long a worker takes from its launch to its first claim, measured.
    public var startup: Duration?
    /// The last scaling decisions, newest first.
    public var decisions: [ScalingDecision]

    /// Nothing known.
    public init() {
        decisions = []
        burnRates = []
    }

    init(_ body: JSONObject) throws(JSONError) {
        arrivalRate = try body.optional("arrival_rate")?.double()
        serviceTime = try body.optional("service_seconds")?.seconds(in: .zero...Limits.horizon)
        serviceVariation = try body.optional("service_variation")?.double()
        retryAmplification = try body.optional("retry_amplification")?.double()
        utilization = try body.optional("utilization")?.double()
        maxDepth = try body.optional("max_depth")?.double()
        predictedWait = try body.optional("predicted_wait_seconds")?.seconds(in: .zero...Limits.horizon)
        quotedWait = try body.optional("quoted_wait_seconds")?.seconds(in: .zero...Limits.horizon)
        quotesHeld = try body.optional("quotes_held")?.double()
        actualWait = try body.optional("wait_p99_seconds")?.seconds(in: .zero...Limits.horizon)
        attainment = try body.optional("sla_attainment")?.double()
        starts = try body.optional("sla_starts")?.int(in: 0...Int.max)
        breaches = try body.optional("sla_breaches")?.int(in: 0...Int.max)
        refusals = try body.optional("sla_refusals")?.int(in: 0...Int.max)
        errorBudgetUsed = try body.optional("error_budget_used")?.double()
        burnRates = try body.optional("burn_rates")?.elements(maxCount: 100) ?? []
        audit = try body.optional("audit").map { json throws(JSONError) in try AuditView(json: json) }
        workers = try body.optional("workers")?.int(in: 0...Int.max)
        desiredWorkers = try body.optional("desired_workers")?.int(in: 0...Int.max)
        slots = try body.optional("slots")?.int(in: 0...Int.max)
        startup = try body.optional("startup_seconds")?.seconds(in: .zero...Limits.horizon)
        decisions = try body.optional("decisions")?.elements(maxCount: 1_000) ?? []
    }

    func writeFields(to writer: inout JSONWriter) {
        writer.field("arrival_rate", arrivalRate)
        writer.field("service_seconds", seconds: serviceTime)
        writer.field("service_variation", serviceVariation)
        writer.field("retry_amplification", retryAmplification)
        writer.field("utilization", utilization)
        writer.field("max_depth", maxDepth)
        writer.field("predicted_wait_seconds", seconds: predictedWait)
        writer.field("quoted_wait_seconds", seconds: quotedWait)
        writer.field("quotes_held", quotesHeld)
        writer.field("wait_p99_seconds", seconds: actualWait)
        writer.field("sla_attainment", attainment)
        writer.field("sla_starts", starts)
        writer.field("sla_breaches", breaches)
        writer.field("sla_refusals", refusals)
        writer.field("error_budget_used", errorBudgetUsed)
        writer.array("burn_rates", burnRates)
        if let audit { writer.field("audit", audit) }
        writer.field("workers", workers)
        writer.field("desired_workers", desiredWorkers)
        writer.field("slots", slots)
        writer.field("startup_seconds", seconds: startup)
        writer.array("decisions", decisions)
    }
}

/// How fast a queue uses up the lateness that its promise allows.
public struct BurnRate: WireBody, Hashable {
    /// The window, up to now.
    public var window: Duration
    /// The share of late tasks in it ÷ the share that may be late.
    public var rate: Double

    /// A rate from its parts.
    public init(window: Duration, rate: Double) {
        self.window = window
        self.rate = rate
    }

    /// Reads a rate.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        self.init(
            window: try body.required("window_seconds").seconds(in: .zero...Limits.horizon),
            rate: try body.required("rate").double())
    }

    /// Writes the rate.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("window_seconds", seconds: window)
            $0.field("rate", rate)
        }
    }
}

/// The audit by Little's law (T0 of *The promise*): the integral of the depth against the waits of the tasks.
public struct AuditView: WireBody, Hashable {
    /// ∫ depth − Σ waits, in task-seconds; 0 where no task was leaked or counted twice.
    public var gap: Double
    /// The gap as a share of the integral.
    public var relativeGap: Double
    /// How fast the gap grows, in tasks.
    public var slope: Double
    /// What that means, in words.
    public var diagnosis: String

    /// An audit from its parts.
    public init(gap: Double, relativeGap: Double, slope: Double, diagnosis: String) {
        self.gap = gap
        self.relativeGap = relativeGap
        self.slope = slope
        self.diagnosis = diagnosis
    }

    /// Reads an audit.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        self.init(
            gap: try body.required("gap_task_seconds").double(), relativeGap: try body.required("gap_ratio").double(),
            slope: try body.required("slope_tasks").double(),
            diagnosis: try body.required("diagnosis").string(maxBytes: 4_096))
    }

    /// Writes the audit.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("gap_task_seconds", gap)
            $0.field("gap_ratio", relativeGap)
            $0.field("slope_tasks", slope)
            $0.field("diagnosis", diagnosis)
        }
    }
}

/// Why the number of workers changed, or did not.
public struct ScalingDecision: WireBody, Hashable {
    /// When it was decided.
    public var at: Timestamp
    /// Workers before.
    public var from: Int
    /// Workers after.
    public var to: Int
    /// Why, in one sentence.
    public var reason: String

    /// A decision from its parts.
    public init(at: Timestamp, from: Int, to: Int, reason: String) {
        self.at = at
        self.from = from
        self.to = to
        self.reason = reason
    }

    /// Reads a decision.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        self.init(
            at: try body.required("at").timestamp(),
            from: try body.required("from").int(in: 0...Int.max),
            to: try body.required("to").int(in: 0...Int.max),
            reason: try body.required("reason").string(maxBytes: 4_096))
    }

    /// Writes the decision.
    public func write(to writer: inout JSONWriter) { writer.object { writeFields(to: &$0) } }

    package func writeFields(to writer: inout JSONWriter) {
        writer.field("at", at)
        writer.field("from", from)
        writer.field("to", to)
        writer.field("reason", reason)
    }
}

/// All queues.
public struct QueueListView: WireBody, Equatable {
    /// One view per queue, by name.
    public var queues: [QueueView]

    /// A list from its part.
    public init(queues: [QueueView]) { self.queues = queues }

    /// Reads a list.
    public init(json: JSONValue) throws(JSONError) {
        self.init(queues: try json.object().required("queues").elements(maxCount: 100_000))
    }

    /// Writes the list.
    public func write(to writer: inout JSONWriter) { writer.object { $0.array("queues", queues) } }
}
