public import SojournCore
public import SojournModel

/// A queue as people and programs see it.
public struct QueueView: WireBody, Equatable {
    /// The queue.
    public var name: QueueName
    /// Whether nobody is handed its tasks.
    public var isPaused: Bool
    /// How many tasks of which priority are in which status; what is missing is 0.
    public var depth: [Priority: [TaskStatus: Int]]
    /// How long the oldest waiting task has waited; nil where none waits.
    public var oldestWait: Duration?
    /// What the queue promises, if it promises something.
    public var promise: QueuePromise?
    /// What is known about its traffic and its workers.
    public var insight: QueueInsight

    /// A view from its parts.
    public init(
        name: QueueName, isPaused: Bool, depth: [Priority: [TaskStatus: Int]], oldestWait: Duration? = nil,
        promise: QueuePromise? = nil, insight: QueueInsight = QueueInsight()
    ) {
        self.name = name
        self.isPaused = isPaused
        self.depth = depth
        self.oldestWait = oldestWait
        self.promise = promise
        self.insight = insight
    }

    /// How many tasks wait for a worker now.
    public var waiting: Int { depth.values.reduce(0) { $0 + ($1[.queued] ?? 0) } }

    /// Reads a view.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        name = try body.required("name").name()
        isPaused = try body.required("paused").bool()
        depth = [:]
        for (priority, counts) in try body.required("depth").object().entries {
            guard let priority = Priority(name: priority) else { continue }
            depth[priority] = try counts.statusCounts()
        }
        oldestWait = try body.optional("oldest_wait_seconds")?.seconds(in: .zero...Limits.horizon)
        promise = try body.optional("sla").map { json throws(JSONError) in try QueuePromise(json: json) }
        insight = try QueueInsight(body)
    }

    /// Writes the view.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name.rawValue)
            writer.field("paused", isPaused)
            writer.object("depth") { writer in
                for priority in Priority.allCases { writer.counts(named: priority.name, depth[priority] ?? [:]) }
            }
            writer.field("waiting", waiting)
            writer.field("oldest_wait_seconds", seconds: oldestWait)
            if let promise { promise.write(to: &writer) }
            insight.writeFields(to: &writer)
        }
    }
}

/// What a queue promises: its tasks start within a time, as long as no more of them come than agreed.
public struct QueuePromise: Sendable, Hashable {
    /// The longest wait, W.
    public var limit: Duration
    /// The share of tasks, in percent, for which it holds.
    public var percentile: Double
    /// λ, tasks per second that the promise allows for.
    public var arrivalRate: Double?

    /// A promise from its parts.
    public init(limit: Duration, percentile: Double = 99, arrivalRate: Double? = nil) {
        self.limit = limit
        self.percentile = percentile
        self.arrivalRate = arrivalRate
    }

    /// L = λ·W, the most tasks that may be in the queue while the promise holds; nil without a λ.
    public var maxDepth: Double? { arrivalRate.map { $0 * limit.inSeconds } }

    fileprivate init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        self.init(
            limit: try body.required("limit_seconds").seconds(in: .zero...Limits.horizon),
            percentile: try body.optional("percentile")?.double() ?? 99,
            arrivalRate: try body.optional("arrival_rate")?.double())
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object("sla") {
            $0.field("limit_seconds", seconds: limit)
            $0.field("percentile", percentile)
            $0.field("arrival_rate", arrivalRate)
        }
    }
}

/// How many tasks are where, in all and per queue.
public struct StatsView: WireBody, Equatable {
    /// How many tasks are where.
    public struct Counts: Sendable, Hashable {
        /// Tasks by status; what is missing is 0.
        public var byStatus: [TaskStatus: Int]

        /// Counts by status.
        public init(_ byStatus: [TaskStatus: Int] = [:]) { self.byStatus = byStatus }

        /// How many tasks have that status.
        public subscript(status: TaskStatus) -> Int { byStatus[status] ?? 0 }
    }

    /// In all queues.
    public var total: Counts
    /// Per queue.
    public var queues: [QueueName: Counts]

    /// A view from its parts.
    public init(total: Counts, queues: [QueueName: Counts]) {
        self.total = total
        self.queues = queues
    }

    /// Sums up depths.
    public init(_ depths: [QueueDepth]) {
        self.init(total: Counts(), queues: [:])
        for depth in depths {
            total.byStatus.merge(depth.counts, uniquingKeysWith: +)
            queues[depth.queue, default: Counts()].byStatus.merge(depth.counts, uniquingKeysWith: +)
        }
    }

    /// The words of this answer: those of the status, except where people say something else.
    private static let words: [(name: StaticString, key: String, status: TaskStatus)] = [
        ("pending", "pending", .queued), ("processing", "processing", .running),
        ("dead_letter", "dead_letter", .dead), ("scheduled", "scheduled", .scheduled),
        ("retrying", "retrying", .retrying),
    ]

    /// Reads a view.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        total = try Self.counts(body)
        queues = [:]
        for (name, value) in try body.required("queues").object(maxFields: 100_000).entries {
            guard let queue = QueueName(rawValue: name) else { continue }
            queues[queue] = try Self.counts(try value.object())
        }
    }

    /// Writes the view.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            Self.write(total, to: &writer)
            writer.object("queues") { writer in
                for (queue, counts) in queues.sorted(by: { $0.key < $1.key }) {
                    writer.key(named: queue.rawValue)
                    writer.object { Self.write(counts, to: &$0) }
                }
            }
        }
    }

    private static func counts(_ body: JSONObject) throws(JSONError) -> Counts {
        var counts = Counts()
        for word in words { counts.byStatus[word.status] = try body.required(word.key).int(in: 0...Int.max) }
        return counts
    }

    private static func write(_ counts: Counts, to writer: inout JSONWriter) {
        for word in words { writer.field(word.name, counts[word.status]) }
    }
}

extension JSONWriter {
    fileprivate mutating func counts(named name: String, _ counts: [TaskStatus: Int]) {
        key(named: name)
        object { writer in
            for status in TaskStatus.allCases {
                writer.key(named: status.rawValue)
                writer.value(counts[status] ?? 0)
            }
        }
    }
}

extension JSONValue {
    fileprivate func statusCounts() throws(JSONError) -> [TaskStatus: Int] {
        var counts: [TaskStatus: Int] = [:]
        for (name, value) in try object().entries {
            guard let status = TaskStatus(rawValue: name) else { continue }
            let count = try value.int(in: 0...Int.max)
            if count != 0 { counts[status] = count }
        }
        return counts
    }
}
