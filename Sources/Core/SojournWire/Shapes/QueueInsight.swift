public import SojournModel

/// What the control plane knows about a queue's traffic and its workers; what it does not know is nil.
public struct QueueInsight: Sendable, Hashable {
    /// λ, measured: tasks that come per second.
    public var arrivalRate: Double?
    /// The mean time that an attempt takes.
    public var serviceTime: Duration?
    /// ρ, the share of time in which the workers are busy.
    public var utilization: Double?
    /// L, the most tasks that may be in the queue while its promise holds.
    public var maxDepth: Double?
    /// How long a task that comes now will wait.
    public var predictedWait: Duration?
    /// The share of tasks that started in time, 0 to 1.
    public var attainment: Double?
    /// How many tasks did not.
    public var breaches: Int?
    /// How many workers there are.
    public var workers: Int?
    /// How many there should be.
    public var desiredWorkers: Int?
    /// The last scaling decisions, newest first.
    public var decisions: [ScalingDecision]

    /// Nothing known.
    public init() { decisions = [] }

    init(_ body: JSONObject) throws(JSONError) {
        arrivalRate = try body.optional("arrival_rate")?.double()
        serviceTime = try body.optional("service_seconds")?.seconds(in: .zero...Limits.horizon)
        utilization = try body.optional("utilization")?.double()
        maxDepth = try body.optional("max_depth")?.double()
        predictedWait = try body.optional("predicted_wait_seconds")?.seconds(in: .zero...Limits.horizon)
        attainment = try body.optional("sla_attainment")?.double()
        breaches = try body.optional("sla_breaches")?.int(in: 0...Int.max)
        workers = try body.optional("workers")?.int(in: 0...Int.max)
        desiredWorkers = try body.optional("desired_workers")?.int(in: 0...Int.max)
        decisions = try body.optional("decisions")?.elements(maxCount: 1_000) ?? []
    }

    func writeFields(to writer: inout JSONWriter) {
        writer.field("arrival_rate", arrivalRate)
        writer.field("service_seconds", seconds: serviceTime)
        writer.field("utilization", utilization)
        writer.field("max_depth", maxDepth)
        writer.field("predicted_wait_seconds", seconds: predictedWait)
        writer.field("sla_attainment", attainment)
        writer.field("sla_breaches", breaches)
        writer.field("workers", workers)
        writer.field("desired_workers", desiredWorkers)
        writer.array("decisions", decisions)
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
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("at", at)
            $0.field("from", from)
            $0.field("to", to)
            $0.field("reason", reason)
        }
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
