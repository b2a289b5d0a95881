import SojournCore
import SojournModel

/// Requests and answers in few words, for whoever reads a trace.
enum Telling {
    static func of(_ value: Any) -> String {
        switch value {
        case let list as [Any] where list.isEmpty: "nothing"
        case let tasks as [NewTask]: "insert " + tasks.map(of).joined(separator: " ")
        case let results as [InsertResult]: results.map(of).joined(separator: " ")
        case let request as LeaseRequest: "claim \(request.limit) of \(request.queues)"
        case let deliveries as [Delivery]: "\(deliveries.count): " + deliveries.map(of).joined(separator: " ")
        case let leases as [Lease]: "beat " + leases.map { "\(of($0.task))/\(of($0.token))" }.joined(separator: " ")
        case let reports as [AttemptReport]: "report " + reports.map(of).joined(separator: " ")
        case let ids as [TaskID]: "cancel " + ids.map(of).joined(separator: " ")
        case let filter as TaskFilter: "replay \(filter.queue.map(\.rawValue) ?? "some tasks")"
        case let id as TaskID: "read \(of(id))"
        case let record as TaskRecord?: record.map(of) ?? "nothing"
        default: "\(value)"
        }
    }

    /// The end of an identifier is what tells tasks apart.
    static func of(_ id: TaskID) -> String { String(id.description.suffix(12)) }

    private static func of(_ token: LeaseToken) -> String { String(token.description.prefix(6)) }

    private static func of(_ delivery: Delivery) -> String {
        "\(of(delivery.message.id))#\(delivery.message.attempt)/\(of(delivery.lease.token))"
    }

    private static func of(_ report: AttemptReport) -> String { "\(of(report.delivery)) \(report.outcome.name)" }

    private static func of(_ task: NewTask) -> String {
        let message = task.message
        let delay = message.isDelayed ? " after \(message.availableAt.duration(since: message.enqueuedAt))" : ""
        let key = task.idempotencyKey.map { " once \($0)" } ?? ""
        return "\(of(message.id)) \(message.queue)/\(message.priority)/\(message.tenant)/\(message.type)\(delay)\(key),"
    }

    private static func of(_ result: InsertResult) -> String {
        switch result {
        case .inserted(let id): of(id)
        case .duplicate(let id): "same as \(of(id))"
        case .conflict(let id): "not as \(of(id))"
        }
    }

    private static func of(_ record: TaskRecord) -> String {
        "\(of(record.message.id)) \(record.status) attempt \(record.message.attempt)"
    }
}
