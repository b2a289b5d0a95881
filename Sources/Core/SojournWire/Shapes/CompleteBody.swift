public import SojournCore
public import SojournModel

/// What a worker says about one attempt.
public struct CompletedAttempt: WireBody, Equatable {
    /// The lease under which it ran.
    public var lease: LeaseReference
    /// How it ended.
    public var outcome: Outcome
    /// How long the handler ran, if the worker says so.
    public var runTime: Duration?

    /// An attempt from its parts.
    public init(lease: LeaseReference, outcome: Outcome, runTime: Duration? = nil) {
        self.lease = lease
        self.outcome = outcome
        self.runTime = runTime
    }

    /// The names of all fields.
    public static let fields = [
        "task_id", "token", "outcome", "error", "result", "retry_after_seconds", "retryable", "run_seconds",
    ]

    /// The outcomes that a worker may report; the others are decided by the server.
    public enum Word: String, CaseIterable, Sendable {
        /// The handler finished; `result` is kept.
        case succeeded
        /// The handler failed; `error` says why.
        case failed
        /// The task shall run again after `retry_after_seconds`.
        case snoozed
        /// The handler gives the task up; `error` says why.
        case discarded
        /// The handler saw that the task was cancelled.
        case cancelled
        /// The worker is shutting down.
        case interrupted
    }

    /// Reads an attempt.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        try body.refuseUnknownFields(allowed: Self.fields)
        let word = try body.required("outcome").choice(of: Word.self)
        lease = LeaseReference(
            task: try body.required("task_id").taskID(), token: try body.required("token").leaseToken())
        outcome = try Self.outcome(word, body)
        runTime = try body.optional("run_seconds")?.seconds(in: .zero...Limits.horizon)
    }

    private static func outcome(_ word: Word, _ body: JSONObject) throws(JSONError) -> Outcome {
        let error = try body.optional("error")?.message()
        let delay = try body.optional("retry_after_seconds")?.seconds(in: .zero...Limits.horizon)
        let isRetryable = try body.optional("retryable")?.bool() ?? true
        switch word {
        case .succeeded: return .succeeded(result: body.optional("result")?.raw)
        case .failed:
            return .failed(Failure(error ?? "", isRetryable: isRetryable, retryAfter: delay))
        case .snoozed:
            guard let delay else { throw body.missing("retry_after_seconds", because: "outcome is snoozed") }
            return .snoozed(delay)
        case .discarded: return .discarded(reason: error ?? "")
        case .cancelled: return .cancelled
        case .interrupted: return .interrupted
        }
    }

    /// Writes the attempt.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("task_id", lease.task)
            $0.field("token", lease.token)
            Self.write(outcome, to: &$0)
            if let runTime { $0.field("run_seconds", seconds: runTime) }
        }
    }

    /// A handler asks for whatever it likes, and one delay that the server refuses would cost all reports of a batch.
    private static func write(_ delay: Duration, to writer: inout JSONWriter) {
        writer.field("retry_after_seconds", seconds: delay.clamped(to: .zero...Limits.horizon))
    }

    private static func write(_ outcome: Outcome, to writer: inout JSONWriter) {
        switch outcome {
        case .succeeded(let result):
            writer.field("outcome", Word.succeeded.rawValue)
            if let result { writer.field("result", raw: result) }
        case .failed(let failure):
            writer.field("outcome", Word.failed.rawValue)
            writer.field("error", failure.message)
            if !failure.isRetryable { writer.field("retryable", false) }
            if let delay = failure.retryAfter { write(delay, to: &writer) }
        case .snoozed(let delay), .breakerOpen(let delay):
            // What a worker's open circuit breaker means for the task is the same as a snooze.
            writer.field("outcome", Word.snoozed.rawValue)
            write(delay, to: &writer)
        case .discarded(let reason):
            writer.field("outcome", Word.discarded.rawValue)
            writer.field("error", reason)
        case .cancelled:
            writer.field("outcome", Word.cancelled.rawValue)
        case .interrupted, .leaseExpired:
            writer.field("outcome", Word.interrupted.rawValue)
        }
    }
}

/// The body of `POST /leases/complete`: how attempts ended.
public struct CompleteBody: WireBody, Equatable {
    /// The attempts.
    public var results: [CompletedAttempt]
    /// Who ran them; empty = who claimed them.
    public var worker: String

    /// A body from its parts.
    public init(results: [CompletedAttempt], worker: String = "") {
        self.results = results
        self.worker = worker
    }

    /// Reads a body.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        try body.refuseUnknownFields(allowed: ["results", "worker"])
        self.init(
            results: try body.required("results").elements(maxCount: Limits.claimBatch),
            worker: try body.optional("worker")?.name(QueueName.self).rawValue ?? "")
    }

    /// Writes the body.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.array("results", results)
            if QueueName(rawValue: worker) != nil { $0.field("worker", worker) }
        }
    }
}

/// The answer to `POST /leases/complete`, one status per result, in the order they were sent.
public struct CompleteAnswer: WireBody, Equatable {
    /// What became of each result.
    public var statuses: [SettlementStatus]
    /// The tasks, in the same order.
    public var tasks: [TaskID]

    /// An answer from its parts, of the same length.
    public init(tasks: [TaskID], statuses: [SettlementStatus]) {
        self.tasks = tasks
        self.statuses = statuses
    }

    private enum Word: String, CaseIterable { case ok, lost }

    /// Reads an answer.
    public init(json: JSONValue) throws(JSONError) {
        self.init(tasks: [], statuses: [])
        for element in try json.object().required("results").array(maxCount: Limits.claimBatch) {
            let result = try element.object()
            tasks.append(try result.required("task_id").taskID())
            let isSettled = try result.required("status").choice(of: Word.self) == .ok
            statuses.append(isSettled ? .settled : .leaseLost)
        }
    }

    /// Writes the answer.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.array("results") { writer in
                for (task, status) in zip(tasks, statuses) {
                    writer.object {
                        $0.field("task_id", task)
                        $0.field("status", (status == .settled ? Word.ok : .lost).rawValue)
                    }
                }
            }
        }
    }
}

extension JSONObject {
    fileprivate func missing(_ name: String, because reason: String) -> JSONError {
        JSONError(
            path: JSONPath.field(name: name, parent: path).description, message: "is required, because \(reason)")
    }
}
