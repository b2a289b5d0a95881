public import SojournCore
public import SojournModel

/// A lease as a worker names it.
public struct LeaseReference: WireBody, Hashable {
    /// Which task.
    public var task: TaskID
    /// The token that came with the lease.
    public var token: LeaseToken

    /// A reference from its parts.
    public init(task: TaskID, token: LeaseToken) {
        self.task = task
        self.token = token
    }

    /// Reads a reference.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        try body.refuseUnknownFields(allowed: ["task_id", "token"])
        self.init(task: try body.required("task_id").taskID(), token: try body.required("token").leaseToken())
    }

    /// Writes the reference.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.field("task_id", task)
            $0.field("token", token)
        }
    }
}

/// The body of `POST /leases/extend`: a worker's sign of life.
public struct ExtendBody: JSONWritable, Sendable, Equatable {
    /// The leases to extend.
    public var leases: [LeaseReference]
    /// How long they shall last from now.
    public var duration: Duration

    /// A body from its parts.
    public init(leases: [LeaseReference], duration: Duration) {
        self.leases = leases
        self.duration = duration
    }

    /// Reads a body; `lease` is the length of a lease where it names none.
    public init(json: JSONValue, lease: Duration) throws(JSONError) {
        let body = try json.object()
        try body.refuseUnknownFields(allowed: ["leases", "lease_seconds"])
        self.init(
            leases: try body.required("leases").elements(maxCount: Limits.claimBatch),
            duration: try body.optional("lease_seconds")?.seconds(in: Limits.lease) ?? lease)
    }

    /// Writes the body.
    public func write(to writer: inout JSONWriter) {
        writer.object {
            $0.array("leases", leases)
            $0.field("lease_seconds", seconds: duration)
        }
    }
}

/// The answer to `POST /leases/extend`, one status per lease, in the order they were sent.
public struct ExtendAnswer: WireBody, Equatable {
    /// How each lease stands.
    public var leases: [(task: TaskID, status: LeaseStatus)]
    /// The server's clock when it answered.
    public var now: Timestamp

    /// An answer from its parts.
    public init(leases: [(task: TaskID, status: LeaseStatus)], now: Timestamp) {
        self.leases = leases
        self.now = now
    }

    /// Reads an answer.
    public init(json: JSONValue) throws(JSONError) {
        let body = try json.object()
        now = try body.required("now").timestamp()
        leases = []
        for element in try body.required("leases").array(maxCount: Limits.claimBatch) {
            let lease = try element.object()
            leases.append((try lease.required("task_id").taskID(), try Self.status(lease)))
        }
    }

    /// Writes the answer.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.array("leases") { writer in
                for (task, status) in leases {
                    writer.object {
                        $0.field("task_id", task)
                        $0.field("status", Self.word(status).rawValue)
                        if let end = Self.end(status) { $0.field("lease_expires_at", end) }
                    }
                }
            }
            writer.field("now", now)
        }
    }

    /// Equal answers say the same about the same leases.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.now == rhs.now && lhs.leases.elementsEqual(rhs.leases) { $0 == $1 }
    }

    private enum Word: String, CaseIterable { case ok, lost, cancelled }

    private static func word(_ status: LeaseStatus) -> Word {
        switch status {
        case .held: .ok
        case .lost: .lost
        case .cancelled: .cancelled
        }
    }

    private static func end(_ status: LeaseStatus) -> Timestamp? {
        switch status {
        case .held(let end), .cancelled(let end): end
        case .lost: nil
        }
    }

    private static func status(_ lease: JSONObject) throws(JSONError) -> LeaseStatus {
        switch try lease.required("status").choice(of: Word.self) {
        case .ok: .held(until: try lease.required("lease_expires_at").timestamp())
        case .lost: .lost
        case .cancelled: .cancelled(until: try lease.required("lease_expires_at").timestamp())
        }
    }
}
