#if HTTP
import SojournModel
import SojournWire

// The bodies of the wire, in words that other languages read. A test compares them with what the server really answers.
extension Schema {
    static let name = Schema.string(maxLength: Limits.nameLength)
    static let status = Schema.string(choices: TaskStatus.allCases.map(\.rawValue))
    static let taskID = Schema.string(format: "uuid")
    private static let replayID = Schema.string(maxLength: 16)
    private static let instant = Schema.string(format: "date-time")
    private static let priority = Schema.string(choices: Priority.allCases.map(\.name))
    private static let seconds = Schema.number(0...Limits.horizon.inSeconds)
    private static let count = Schema.integer(0...Int.max)

    /// Every schema that a route or another schema refers to.
    static let all: [(name: String, schema: Schema)] = requests + answers

    private static let requests: [(name: String, schema: Schema)] = [
        ("RetryPolicy", retry),
        ("EnqueueRequest", enqueue),
        (
            "EnqueueBatch",
            .object(
                [Property("tasks", .array(.reference("EnqueueRequest"), maxItems: Limits.enqueueBatch))],
                required: ["tasks"], isClosed: true)
        ),
        ("LeaseRequest", lease),
        ("LeaseReference", .object(leaseReference, required: ["task_id", "token"], isClosed: true)),
        (
            "ExtendRequest",
            .object(
                [
                    Property("leases", .array(.reference("LeaseReference"), maxItems: Limits.claimBatch)),
                    Property("lease_seconds", leaseSeconds),
                ], required: ["leases"], isClosed: true)
        ),
        ("CompleteRequest", complete),
        ("LeaveRequest", .object([Property("worker", name)], required: ["worker"], isClosed: true)),
        ("ReplayRequest", replay),
    ]

    private static let answers: [(name: String, schema: Schema)] = [
        ("EnqueueAnswer", enqueueAnswer),
        ("EnqueueBatchAnswer", list("results", of: "EnqueueAnswer")),
        ("Attempt", attempt),
        ("Task", task),
        (
            "TaskPage",
            .object(
                [Property("tasks", .array(.reference("Task"))), Property("cursor", .nullable(.string()))],
                required: ["tasks", "cursor"])
        ),
        (
            "CancelAnswer",
            .object([Property("task_id", taskID), Property("status", status)], required: ["task_id", "status"])
        ),
        ("Queue", queue),
        ("QueueList", list("queues", of: "Queue")),
        ("Stats", stats),
        ("LeasedTask", leasedTask),
        (
            "LeaseAnswer",
            .object(
                [Property("tasks", .array(.reference("LeasedTask"))), Property("now", instant)],
                required: ["tasks", "now"])
        ),
        ("ExtendAnswer", extendAnswer),
        ("CompleteAnswer", completeAnswer),
        ("LeaveAnswer", .object([Property("ended", count)], required: ["ended"])),
        (
            "ReplayAnswer",
            .object(
                [Property("replayed", count), Property("in_background", .boolean), Property("replay_id", replayID)],
                required: ["replayed"])
        ),
        ("Replay", .object(goingReplay, required: ["replay_id", "limit", "replayed", "started_at", "held_up_by"])),
        ("ReplayList", list("replays", of: "Replay")),
        ("PurgeAnswer", .object([Property("deleted", count)], required: ["deleted"])),
        ("Health", .object([Property("status", .string())], required: ["status"])),
        ("Any", .any),
        ("Problem", problem),
    ]

    private static func list(_ name: String, of element: String) -> Schema {
        .object([Property(name, .array(.reference(element)))], required: [name])
    }

    // MARK: Requests

    private static let retry = Schema.object(
        [
            Property("strategy", .string(choices: RetryPolicy.Strategy.allCases.map(\.rawValue))),
            Property("base_ms", .integer(0...316_224_000_000)),
            Property("max_ms", .integer(0...316_224_000_000)),
            Property("jitter", .string(choices: RetryPolicy.Jitter.allCases.map(\.rawValue))),
        ], isClosed: true)

    private static let enqueue = Schema.object(
        [
            Property("type", name, "Which handler runs it."),
            Property("payload", .any, "Any JSON, kept byte for byte; null if absent. At most 256 KiB."),
            Property("queue", name, "default if absent."),
            Property("priority", priority, "default if absent."),
            Property("tenant", name, "default if absent."),
            Property("idempotency_key", .string(maxLength: Limits.idempotencyKeyLength)),
            Property("delay_seconds", seconds, "Not before so much time has passed."),
            Property("run_at", instant, "Not before that instant; not together with delay_seconds."),
            Property("max_retries", .integer(0...Limits.maxRetries)),
            Property("timeout_seconds", seconds, "So much time for each attempt."),
            Property("deadline_seconds", seconds, "No attempt starts later than this from now."),
            Property("retry", .reference("RetryPolicy")),
            Property("tags", .array(name, maxItems: Limits.tags)),
            Property("traceparent", .string(), "W3C trace context; also as a header."),
        ], required: ["type"], isClosed: true)

    private static let leaseSeconds = Schema.number(
        Limits.lease.lowerBound.inSeconds...Limits.lease.upperBound.inSeconds)

    private static let lease = Schema.object(
        [
            Property("queues", .array(name), "None = all."),
            Property("limit", .integer(1...Limits.claimBatch), "1 if absent."),
            Property("lease_seconds", leaseSeconds),
            Property("wait_seconds", .number(0...Limits.claimWait.inSeconds), "How long to wait for a task."),
            Property("worker", name, "Who asks."),
            Property("slots", .integer(1...Limits.concurrency), "How many tasks it can run at once altogether."),
            Property("types", .array(name), "Only these; absent = any."),
        ], isClosed: true)

    private static let leaseReference = [Property("task_id", taskID), Property("token", .string(maxLength: 32))]

    private static let complete = Schema.object(
        [
            Property(
                "results", .array(.object(completed, required: ["task_id", "token", "outcome"], isClosed: true))),
            Property("worker", name),
        ], required: ["results"], isClosed: true)

    private static let completed =
        leaseReference + [
            Property("outcome", .string(choices: CompletedAttempt.Word.allCases.map(\.rawValue))),
            Property("error", .string(), "Why it failed or was discarded."),
            Property("result", .any, "What to keep of a success."),
            Property("retry_after_seconds", seconds, "When to try again; required where snoozed."),
            Property("retryable", .boolean, "false: a failure that no retry can help."),
            Property("run_seconds", seconds, "How long the handler ran."),
        ]

    private static let replay = Schema.object(
        replayFields + [Property("limit", .integer(1...ReplayBody.most), "\(ReplayBody.usual) if absent.")],
        isClosed: true)

    private static let replayFields = [
        Property("queue", name), Property("type", name), Property("error", .string(maxLength: 1_024)),
        Property("task_ids", .array(taskID, maxItems: Limits.claimBatch)),
        Property("rate_per_second", .number(0.01...100_000)),
    ]

    // MARK: Answers

    private static let goingReplay =
        [Property("replay_id", replayID)] + replayFields + [
            Property("limit", .integer(1...ReplayBody.most)),
            Property("replayed", count, "How many have gone back so far."), Property("started_at", instant),
            Property("held_up_by", .nullable(.string()), "Why it does not go on just now."),
        ]

    private static let enqueueAnswer = Schema.object(
        [
            Property("task_id", taskID),
            Property("status", .string(choices: TaskStatus.allCases.map(\.rawValue) + ["conflict"])),
            Property("queue", name), Property("priority", priority), Property("duplicate", .boolean),
            Property("estimated_start_seconds", .nullable(seconds), "null where nobody can tell."),
        ], required: ["task_id", "status", "queue", "priority", "duplicate", "estimated_start_seconds"])

    private static let message = [
        Property("task_id", taskID), Property("type", name), Property("queue", name), Property("tenant", name),
        Property("priority", priority), Property("attempt", count, "Attempts so far, the running one included."),
        Property("attempts_before_replay", count), Property("crashes", count, "How often a lease ran out."),
        Property("max_retries", .nullable(count)), Property("retry", .reference("RetryPolicy")),
        Property("timeout_seconds", .nullable(seconds)), Property("deadline", .nullable(instant)),
        Property("enqueued_at", instant), Property("available_at", instant), Property("traceparent", .string()),
        Property("payload", .any), Property("payload_base64", .string(), "In place of a payload that is not JSON."),
    ]

    private static let attempt = Schema.object(
        [
            Property("number", count), Property("worker", .string()), Property("started_at", instant),
            Property("finished_at", .nullable(instant)), Property("outcome", .nullable(.string())),
            Property("error", .nullable(.string())),
        ], required: ["number", "worker", "started_at", "finished_at", "outcome", "error"])

    private static let task = Schema.object(
        message + [
            Property("status", status), Property("result", .any), Property("result_base64", .string()),
            Property("tags", .array(name)), Property("started_at", .nullable(instant)),
            Property("finished_at", .nullable(instant)), Property("wait_seconds", .nullable(seconds)),
            Property("last_error", .nullable(.string())),
            Property("reason", .nullable(.string()), "Why it is dead."),
            Property("cancel_requested", .boolean), Property("attempts", .array(.reference("Attempt"))),
            Property(
                "sla",
                .object(
                    [
                        Property("limit_seconds", seconds), Property("met", .nullable(.boolean)),
                        Property(
                            "estimated_start_seconds", .nullable(seconds),
                            "The bound of the wait that was quoted when the task was accepted."),
                        Property(
                            "promised_start", .nullable(instant), "The latest start that the task was promised."),
                    ],
                    required: ["limit_seconds", "met"])),
        ], required: ["task_id", "type", "queue", "status", "priority", "tenant", "enqueued_at", "attempts"])

    private static let leasedTask = Schema.object(
        message + [Property("token", .string()), Property("lease_expires_at", instant)],
        required: ["task_id", "token", "type", "attempt", "max_retries", "lease_expires_at"])

    private static let extendAnswer = Schema.object(
        [
            Property(
                "leases",
                .array(
                    .object(
                        [
                            Property("task_id", taskID),
                            Property("status", .string(choices: ["ok", "lost", "cancelled"])),
                            Property("lease_expires_at", instant),
                        ], required: ["task_id", "status"]))), Property("now", instant),
        ], required: ["leases", "now"])

    private static let completeAnswer = Schema.object(
        [
            Property(
                "results",
                .array(
                    .object(
                        [Property("task_id", taskID), Property("status", .string(choices: ["ok", "lost"]))],
                        required: ["task_id", "status"])))
        ], required: ["results"])

    private static let queue = Schema.object(
        [
            Property("name", name), Property("paused", .boolean),
            Property("depth", .table(.table(count)), "Tasks per priority and status."), Property("waiting", count),
            Property("oldest_wait_seconds", .nullable(seconds)),
            Property(
                "sla",
                .object([
                    Property("limit_seconds", seconds), Property("percentile", .number()),
                    Property("arrival_rate", .nullable(.number())),
                ]), "What the queue promises."),
            Property("arrival_rate", .nullable(.number()), "λ, measured, per second."),
            Property("service_seconds", .nullable(seconds)),
            Property("service_variation", .nullable(.number()), "c², variance over squared mean of it"),
            Property("retry_amplification", .nullable(.number()), "Attempts per task."),
            Property("utilization", .nullable(.number()), "ρ"), Property("max_depth", .nullable(.number()), "L = λ·W"),
            Property("predicted_wait_seconds", .nullable(seconds), "Bound on the wait of a task that comes now."),
            Property("wait_p99_seconds", .nullable(seconds), "What 99 of 100 tasks waited at most."),
        ] + kept + workers, required: ["name", "paused", "depth", "waiting", "decisions"])

    /// How a queue's promise stands.
    private static let kept = [
        Property("quoted_wait_seconds", .nullable(seconds), "What the last task was told to wait at most."),
        Property(
            "quotes_held", .nullable(.number()), "The share of such quotes that held, from 100 on; 0.95 is right."),
        Property("sla_attainment", .nullable(.number()), "The share of tasks that started in time."),
        Property("sla_starts", .nullable(count), "Tasks with a promise that started, or died in the line."),
        Property("sla_breaches", .nullable(count), "Those of them that started late, or never."),
        Property("sla_refusals", .nullable(count), "Tasks that were refused."),
        Property("error_budget_used", .nullable(.number()), "1 = all the lateness that is allowed."),
        Property(
            "burn_rates",
            .array(.object([Property("window_seconds", seconds), Property("rate", .number())])),
            "How fast the budget is used up; 1 = as fast as it may be."),
        Property(
            "audit",
            .object([
                Property("gap_task_seconds", .number()), Property("gap_ratio", .number()),
                Property("slope_tasks", .number()), Property("diagnosis", .string()),
            ]), "Depth against waits, by Little's law."),
    ]

    private static let workers = [
        Property("workers", .nullable(count)), Property("desired_workers", .nullable(count)),
        Property("slots", .nullable(count), "How many tasks the workers run at once."),
        Property("startup_seconds", .nullable(seconds), "From the launch of a worker to its first claim."),
        Property(
            "decisions",
            .array(
                .object([
                    Property("at", instant), Property("from", count), Property("to", count),
                    Property("reason", .string()),
                ]))),
    ]

    private static let counts = ["pending", "processing", "dead_letter", "scheduled", "retrying"]

    private static let stats = Schema.object(
        counts.map { Property($0, count) }
            + [Property("queues", .table(.object(counts.map { Property($0, count) }, required: counts)))],
        required: counts + ["queues"])

    private static let problem = Schema.object(
        [
            Property("type", .string(format: "uri-reference")), Property("title", .string()),
            Property("status", .integer(100...599)),
            Property("detail", .string()), Property("task_id", taskID), Property("retry_after_seconds", count),
        ], required: ["type", "title", "status", "detail"])
}
#endif
