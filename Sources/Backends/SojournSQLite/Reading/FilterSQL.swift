#if SQLite
import SojournCore
import SojournModel

/// A filter as a condition on `task JOIN lane`, with everything from outside as a bound value.
struct FilterSQL {
    private enum Value {
        case text(String)
        case id(TaskID)
        case instant(Timestamp)
    }
    private var conditions: [String] = []
    private var values: [Value] = []

    init(_ filter: TaskFilter) {
        if let queue = filter.queue { add("lane.queue = ?", .text(queue.rawValue)) }
        if let type = filter.type { add("lane.type = ?", .text(type.rawValue)) }
        if let tenant = filter.tenant { add("lane.tenant = ?", .text(tenant.rawValue)) }
        if let status = filter.status { add("status = \(status.code)") }
        // Tags are names, so they hold no space, and the list of them can be searched as one text.
        if let tag = filter.tag, tag.contains(" ") { add("FALSE") }
        if let tag = filter.tag { add("instr(' ' || tags || ' ', ?) > 0", .text(" \(tag) ")) }
        if let error = filter.error { add("instr(last_error, ?) > 0", .text(error)) }
        if let instant = filter.finishedBefore { add("finished_at < ?", .instant(instant)) }
        if let ids = filter.ids {
            add("task.id IN (\(ids.map { _ in "?" }.joined(separator: ", ")))")
            values += ids.map { .id($0) }
        }
    }

    /// The whole condition.
    var sql: String { conditions.isEmpty ? "TRUE" : conditions.joined(separator: " AND ") }

    /// Adds a condition without a value from outside.
    mutating func add(_ condition: String) { conditions.append(condition) }

    /// Binds the values, from position 1.
    func bind(to statement: Statement) {
        for (index, value) in values.enumerated() {
            switch value {
            case .text(let text): statement.bind(Int32(index + 1), text)
            case .id(let id): statement.bind(Int32(index + 1), id)
            case .instant(let instant): statement.bind(Int32(index + 1), instant)
            }
        }
    }

    private mutating func add(_ condition: String, _ value: Value) {
        conditions.append(condition)
        values.append(value)
    }
}
#endif
