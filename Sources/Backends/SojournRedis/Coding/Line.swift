#if Redis
import SojournModel

/// Tasks of one lane and type that wait for a worker, in one sorted set.
struct Line: Hashable, Sendable {
    let priority: Priority
    let tenant: Tenant
    let type: TaskType

    init(priority: Priority, tenant: Tenant, type: TaskType) {
        self.priority = priority
        self.tenant = tenant
        self.type = type
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
