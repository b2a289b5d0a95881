public import SojournModel

/// Something about one enqueue that differs from the default.
///
/// ```swift
/// try await producer.enqueue(SendEmail(to: address), .on("mail"), .after(.seconds(30)), .once("order-4711"))
/// ```
public enum EnqueueOption: Sendable, Hashable {
    /// Into that queue.
    case on(QueueName)
    /// With that priority.
    case priority(Priority)
    /// For that tenant.
    case tenant(Tenant)
    /// Not before so much time has passed.
    case after(Duration)
    /// Not before that instant.
    case at(Timestamp)
    /// At most once per tenant and key, while the key is remembered.
    case once(String)
    /// With so many retries after the first attempt.
    case maxRetries(Int)
    /// With that retry policy.
    case retry(RetryPolicy)
    /// With so much time for each attempt.
    case timeout(Duration)
    /// Never starting later than so much time from now.
    case deadline(Duration)
    /// To be found by those words.
    case tags([String])
}

/// Enqueues typed payloads.
public struct Producer: Sendable {
    private let sink: any TaskSink
    private let coder: any PayloadCoder
    private let time: any TimeSource

    /// A producer for `sink`.
    public init(
        _ sink: any TaskSink, coder: any PayloadCoder = JSONPayloadCoder(), time: any TimeSource = SystemTime()
    ) {
        self.sink = sink
        self.coder = coder
        self.time = time
    }

    /// Accepts one task; durable when it returns its identifier, or that of the task which had the same key before.
    ///
    /// - Throws: ``BackendError``, an encoding error, or ``EnqueueError`` where an option is out of range or the
    ///   idempotency key belongs to another request.
    @discardableResult
    public func enqueue<Payload: TaskPayload>(_ payload: Payload, _ options: EnqueueOption...) async throws -> TaskID {
        let task = try newTask(payload, options)
        switch try await sink.enqueue([task]).first {
        case .inserted(let id), .duplicate(let id): return id
        case .conflict(let id): throw EnqueueError("The idempotency key belongs to another request, task \(id).")
        case nil: throw EnqueueError("The queue gave no answer.")
        }
    }

    /// Accepts up to ``Limits/enqueueBatch`` tasks of one type, all or none.
    public func enqueueAll<Payload: TaskPayload>(
        _ payloads: [Payload], _ options: EnqueueOption...
    ) async throws -> [InsertResult] {
        guard payloads.count <= Limits.enqueueBatch else {
            throw EnqueueError("There are \(payloads.count) payloads; at most \(Limits.enqueueBatch) go in one call.")
        }
        return try await sink.enqueue(try payloads.map { try newTask($0, options) })
    }

    private func newTask<Payload: TaskPayload>(_ payload: Payload, _ options: [EnqueueOption]) throws -> NewTask {
        let bytes = try coder.encode(payload)
        guard bytes.count <= Limits.payloadBytes else {
            throw EnqueueError("The payload has \(bytes.count) bytes; at most \(Limits.payloadBytes) are allowed.")
        }
        let now = time.now()
        var task = NewTask(message: TaskMessage(type: Payload.type, payload: bytes, now: now))
        for option in options { try task.apply(option, now: now) }
        return task
    }
}

/// Why a task was not accepted.
public struct EnqueueError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence.
    public let description: String

    /// An error with its sentence.
    public init(_ description: String) { self.description = description }
}

extension NewTask {
    fileprivate mutating func apply(_ option: EnqueueOption, now: Timestamp) throws(EnqueueError) {
        switch option {
        case .on(let queue): message.queue = queue
        case .priority(let priority): message.priority = priority
        case .tenant(let tenant): message.tenant = tenant
        case .after(let delay): message.availableAt = now.advanced(by: delay.clamped(to: .zero...Limits.horizon))
        case .at(let instant): message.availableAt = max(now, instant)
        case .once(let key): idempotencyKey = try IdempotencyKey.checked(key)
        case .maxRetries(let count): message.maxRetries = min(max(0, count), Limits.maxRetries)
        case .retry(let policy): message.retry = policy
        case .timeout(let timeout): message.timeout = timeout.clamped(to: .milliseconds(1)...Limits.horizon)
        case .deadline(let deadline): message.deadline = now.advanced(by: deadline)
        case .tags(let words): tags = try Tags.checked(words)
        }
    }
}

/// The rule for idempotency keys.
public enum IdempotencyKey {
    /// The key, if it is 1 to 255 visible ASCII characters.
    public static func checked(_ key: String) throws(EnqueueError) -> String {
        let isVisible = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isVisible, (1...Limits.idempotencyKeyLength).contains(key.utf8.count) else {
            throw EnqueueError(
                "idempotency_key must be 1 to \(Limits.idempotencyKeyLength) visible ASCII characters.")
        }
        return key
    }
}

/// The rule for tags.
public enum Tags {
    /// The tags, if there are at most 16 and each is a name (see ``Name``).
    public static func checked(_ tags: [String]) throws(EnqueueError) -> [String] {
        guard tags.count <= Limits.tags else { throw EnqueueError("tags: at most \(Limits.tags) are allowed.") }
        guard tags.allSatisfy({ TaskType(rawValue: $0) != nil }) else {
            throw EnqueueError("tags: each must have \(TaskType.rule).")
        }
        return tags
    }
}
