#if Redis
import SojournCore
import SojournModel

/// Tasks of one lane and type that wait for a worker. Each queue numbers its lines: ``QueueKeys/lines``.
struct Line: Hashable, Sendable {
    let priority: Priority
    let tenant: Tenant
    let type: TaskType

    init(priority: Priority, tenant: Tenant, type: TaskType) {
        self.priority = priority
        self.tenant = tenant
        self.type = type
    }

    /// The line that a task waits in.
    init(_ message: TaskMessage) {
        self.init(priority: message.priority, tenant: message.tenant, type: message.type)
    }

    /// Priority, tenant and type with blanks between, which no name has.
    var text: String { "\(priority.rawValue) \(tenant.rawValue) \(type.rawValue)" }

    init?(text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, let priority = Int(words[0]).flatMap({ Priority(rawValue: $0) }) else { return nil }
        self.init(
            priority: priority, tenant: Tenant(trusted: String(words[1])), type: TaskType(trusted: String(words[2])))
    }
}
#endif
