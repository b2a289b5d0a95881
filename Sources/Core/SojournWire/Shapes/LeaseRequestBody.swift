public import SojournCore
public import SojournModel

/// The body of `POST /leases`: what a worker asks for.
public struct LeaseRequestBody: JSONWritable, Sendable {
    /// The names of all fields.
    public static let fields = ["queues", "limit", "lease_seconds", "wait_seconds", "worker", "slots", "types"]

    /// What the worker asks for.
    public let request: LeaseRequest

    /// The body for a request.
    public init(_ request: LeaseRequest) { self.request = request }

    /// Reads a request; `lease` is the length of a lease that names none.
    public init(json: JSONValue, lease: Duration) throws(JSONError) {
        let body = try json.object()
        try body.refuseUnknownFields(allowed: Self.fields)
        let queues: [QueueName] = try body.optional("queues")?.names() ?? []
        let types: [TaskType]? = try body.optional("types")?.names()
        self.request = LeaseRequest(
            queues: queues,
            types: types.map(Set.init),
            limit: try body.optional("limit")?.int(in: 1...Limits.claimBatch) ?? 1,
            duration: try body.optional("lease_seconds")?.seconds(in: Limits.lease) ?? lease,
            wait: try body.optional("wait_seconds")?.seconds(in: .zero...Limits.claimWait) ?? .zero,
            worker: try body.optional("worker")?.name(QueueName.self).rawValue ?? "",
            slots: try body.optional("slots")?.int(in: 1...Limits.concurrency))
    }

    /// Writes the request.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.array("queues", request.queues.map(\.rawValue))
            $0.field("limit", request.limit)
            $0.field("lease_seconds", seconds: request.duration)
            $0.field("wait_seconds", seconds: request.wait)
            if QueueName(rawValue: request.worker) != nil { $0.field("worker", request.worker) }
            if let slots = request.slots { $0.field("slots", slots) }
            if let types = request.types { $0.array("types", types.map(\.rawValue).sorted()) }
        }
    }
}

extension JSONValue {
    fileprivate func names<Kind: Name>() throws(JSONError) -> [Kind] {
        var names: [Kind] = []
        for element in try array(maxCount: Limits.claimBatch) { names.append(try element.name()) }
        return names
    }
}

/// The answer to `POST /leases`: tasks, each under a lease of its own.
public struct LeaseAnswer: WireBody, Equatable {
    /// The tasks.
    public var deliveries: [Delivery]
    /// The server's clock when it answered, so that a worker whose clock differs can tell when its leases end.
    public var now: Timestamp

    /// An answer from its parts.
    public init(deliveries: [Delivery], now: Timestamp) {
        self.deliveries = deliveries
        self.now = now
    }

    /// Reads an answer.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        now = try body.required("now").timestamp()
        deliveries = []
        for element in try body.required("tasks").array(maxCount: Limits.claimBatch) {
            let task = try element.object()
            let message = try TaskMessage(task)
            let lease = Lease(
                task: message.id, token: try task.required("token").leaseToken(),
                expiresAt: try task.required("lease_expires_at").timestamp())
            deliveries.append(Delivery(message: message, lease: lease))
        }
    }

    /// Writes the answer.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.array("tasks") { writer in
                for delivery in deliveries { Self.write(delivery, to: &writer) }
            }
            writer.field("now", now)
        }
    }

    private static func write(_ delivery: Delivery, to writer: inout JSONWriter) {
        writer.object { writer in
            delivery.message.writeFields(to: &writer)
            writer.field("token", delivery.lease.token)
            writer.field("lease_expires_at", delivery.lease.expiresAt)
            writer.opaque("payload", encoded: "payload_base64", delivery.message.payload)
        }
    }
}
