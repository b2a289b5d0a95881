public import SojournCore
public import SojournModel

/// The body of `POST /tasks`, and of one element of `POST /tasks/batch`.
public enum EnqueueRequest {
    /// What a request does not say in its body.
    public struct Context: Sendable {
        /// The instant at which the task is accepted.
        public var now: Timestamp
        /// The header `Idempotency-Key`.
        public var idempotencyKey: String?
        /// The header `traceparent`; see ``Traceparent``.
        public var traceparent: String?
        /// What a `retry` object leaves out.
        public var retry: RetryPolicy

        /// A context; only the instant has no default.
        public init(
            now: Timestamp, idempotencyKey: String? = nil, traceparent: String? = nil,
            retry: RetryPolicy = RetryPolicy()
        ) {
            self.now = now
            self.idempotencyKey = idempotencyKey
            self.traceparent = traceparent
            self.retry = retry
        }
    }

    /// The names of all fields.
    public static let fields = [
        "type", "payload", "queue", "priority", "tenant", "idempotency_key", "delay_seconds", "run_at", "max_retries",
        "timeout_seconds", "deadline_seconds", "retry", "tags", "traceparent",
    ]

    /// The task that the body asks for. The same body, context and random numbers give the same task.
    ///
    /// The length of the payload is not judged here, because it has a status code of its own on the wire.
    public static func task(
        from json: JSONValue, _ context: Context, random: inout some RandomNumberGenerator
    ) throws(JSONError) -> NewTask {
        let body = try json.object()
        try body.refuseUnknownFields(allowed: fields)
        let now = context.now
        let availableAt = try availableAt(body, now: now)
        let message = TaskMessage(
            id: TaskID(at: now, random: &random),
            type: try body.required("type").name(),
            queue: try body.optional("queue")?.name() ?? .default,
            tenant: try body.optional("tenant")?.name() ?? .default,
            priority: try body.optional("priority")?.priority() ?? .default,
            payload: body["payload"]?.raw ?? Array("null".utf8),
            maxRetries: try body.optional("max_retries")?.int(in: 0...Limits.maxRetries),
            retry: try body.optional("retry").map { json throws(JSONError) in
                try RetryPolicy(json: json, defaults: context.retry)
            },
            timeout: try body.optional("timeout_seconds")?.seconds(in: shortest...Limits.horizon),
            deadline: try deadline(body, now: now, availableAt: availableAt),
            enqueuedAt: now,
            availableAt: availableAt,
            traceparent: try body.optional("traceparent")?.traceparent() ?? context.traceparent
        )
        let key = try idempotencyKey(body, context)
        return NewTask(
            message: message, idempotencyKey: key, fingerprint: key == nil ? 0 : fingerprint(of: json),
            tags: try body.optional("tags")?.tags() ?? [])
    }

    /// The tasks of a batch, in the order they were sent.
    public static func batch(
        from json: JSONValue, _ context: Context, random: inout some RandomNumberGenerator
    ) throws(JSONError) -> [NewTask] {
        let body = try json.object()
        try body.refuseUnknownFields(allowed: ["tasks"])
        let list = try body.required("tasks")
        let elements = try list.array(maxCount: Limits.enqueueBatch)
        guard !elements.isEmpty else { throw list.error("must have 1 to \(Limits.enqueueBatch) elements") }
        var tasks: [NewTask] = []
        tasks.reserveCapacity(elements.count)
        for element in elements { tasks.append(try task(from: element, context, random: &random)) }
        return tasks
    }

    /// The shortest time that a task may be given.
    private static let shortest = Duration.milliseconds(1)

    private static func availableAt(_ body: JSONObject, now: Timestamp) throws(JSONError) -> Timestamp {
        let delay = body.optional("delay_seconds")
        let instant = body.optional("run_at")
        if let instant, delay != nil { throw instant.error("cannot stand next to delay_seconds: send one of them") }
        if let delay { return now.advanced(by: try delay.seconds(in: .zero...Limits.horizon)) }
        guard let instant else { return now }
        let runAt = try instant.timestamp()
        guard runAt <= now.advanced(by: Limits.horizon) else {
            throw instant.error("must be at most \(Int(Limits.horizon.inSeconds)) seconds (ten years) from now")
        }
        return max(now, runAt)
    }

    private static func deadline(
        _ body: JSONObject, now: Timestamp, availableAt: Timestamp
    ) throws(JSONError) -> Timestamp? {
        guard let value = body.optional("deadline_seconds") else { return nil }
        let deadline = now.advanced(by: try value.seconds(in: shortest...Limits.horizon))
        guard deadline > availableAt else {
            throw value.error("must be later than the start that delay_seconds or run_at asks for")
        }
        return deadline
    }

    private static func idempotencyKey(_ body: JSONObject, _ context: Context) throws(JSONError) -> String? {
        guard let value = body.optional("idempotency_key") else { return context.idempotencyKey }
        let key = try value.idempotencyKey()
        if let header = context.idempotencyKey, header != key {
            throw value.error("differs from the header Idempotency-Key")
        }
        return key
    }

    private static func fingerprint(of json: JSONValue) -> UInt64 {
        var print = Fingerprint()
        print.add(json.raw)
        return print.value
    }
}

extension RetryPolicy {
    static let fields = ["strategy", "base_ms", "max_ms", "jitter"]

    init(json: JSONValue, defaults: RetryPolicy) throws(JSONError) {
        let body = try json.object()
        try body.refuseUnknownFields(allowed: Self.fields)
        self = defaults
        strategy = try body.optional("strategy")?.choice(of: Strategy.self) ?? strategy
        base = try body.optional("base_ms")?.milliseconds(in: .zero...Limits.horizon) ?? base
        cap = try body.optional("max_ms")?.milliseconds(in: .zero...Limits.horizon) ?? cap
        jitter = try body.optional("jitter")?.choice(of: Jitter.self) ?? jitter
    }

    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("strategy", strategy.rawValue)
            $0.field("base_ms", base.wholeMicroseconds / 1_000)
            $0.field("max_ms", cap.wholeMicroseconds / 1_000)
            $0.field("jitter", jitter.rawValue)
        }
    }
}

extension JSONValue {
    /// The words by which a task can be found.
    func tags() throws(JSONError) -> [String] {
        var tags: [String] = []
        for element in try array(maxCount: Limits.tags) { tags.append(try element.name(TaskType.self).rawValue) }
        return tags
    }

    func traceparent() throws(JSONError) -> String {
        guard kind == .string, let text = try? string(maxBytes: 55), Traceparent.isValid(text) else {
            throw error("must be a W3C trace context such as 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        }
        return text
    }
}

/// The rule for the W3C trace context header.
public enum Traceparent {
    /// Whether `text` is `version-traceid-parentid-flags`, in small hexadecimal digits, of version 00.
    public static func isValid(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 32, 16, 2], parts[0].elementsEqual("00".utf8) else { return false }
        let isHexadecimal = parts.joined().allSatisfy { $0.isDigit || (0x61...0x66).contains($0) }
        return isHexadecimal && parts[1...2].allSatisfy { part in part.contains { $0 != ASCII.zero } }
    }
}
