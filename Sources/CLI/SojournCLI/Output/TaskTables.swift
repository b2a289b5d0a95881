import SojournCore
import SojournModel
import SojournWire

/// Tasks for people.
enum TaskTables {
    /// A page of tasks, one per line.
    static func list(_ page: TaskPageView) -> String {
        var table = Table([
            ("TASK", .left), ("TYPE", .left), ("QUEUE", .left), ("PRIORITY", .left), ("STATUS", .left),
            ("ATTEMPT", .right), ("ENQUEUED", .left),
        ])
        for task in page.tasks {
            let message = task.record.message
            table.add([
                "\(message.id)", "\(message.type)", "\(message.queue)", message.priority.name,
                task.record.status.rawValue, "\(message.attempt)", Words.instant(message.enqueuedAt) ?? Words.none,
            ])
        }
        return table.text
    }

    /// A page of dead letters, one per line, with what the last attempt said.
    static func deadLetters(_ page: TaskPageView) -> String {
        var table = Table([
            ("TASK", .left), ("TYPE", .left), ("QUEUE", .left), ("REASON", .left), ("ATTEMPTS", .right),
            ("DIED", .left), ("LAST ERROR", .left),
        ])
        for task in page.tasks {
            let record = task.record
            table.add([
                "\(record.message.id)", "\(record.message.type)", "\(record.message.queue)",
                record.deadReason?.rawValue ?? Words.none, "\(record.message.attempt)",
                Words.instant(record.finishedAt) ?? Words.none, Visible.line(record.lastError ?? "", upTo: 80),
            ])
        }
        return table.text
    }

    /// Everything about one task.
    static func whole(_ task: TaskView) -> String {
        let record = task.record
        let message = record.message
        var listing = Listing()
        listing.add("task", "\(message.id)")
        listing.add("type", "\(message.type)")
        listing.add("status", record.status.rawValue + (record.isCancelRequested ? " (asked to stop)" : ""))
        listing.add("queue", "\(message.queue), \(message.priority.name)")
        listing.add("tenant", "\(message.tenant)")
        listing.add("tags", record.tags.isEmpty ? nil : record.tags.joined(separator: ", "))
        listing.add("enqueued", Words.instant(message.enqueuedAt))
        listing.add("available", message.availableAt == message.enqueuedAt ? nil : Words.instant(message.availableAt))
        listing.add("deadline", Words.instant(message.deadline))
        listing.add("started", Words.instant(record.startedAt))
        listing.add("finished", Words.instant(record.finishedAt))
        listing.add("waited", record.waited.map { Words.duration($0) })
        listing.add("sla", task.sla.map { "\(Words.duration($0.limit)), \(met($0.isMet))" })
        listing.add("reason", record.deadReason?.rawValue)
        listing.add("last error", record.lastError)
        listing.add("payload", shown(message.payload))
        listing.add("result", record.result.map(shown))
        return record.attempts.isEmpty ? listing.text : "\(listing.text)\n\n\(attempts(record.attempts))"
    }

    private static func attempts(_ attempts: [AttemptRecord]) -> String {
        var table = Table([
            ("ATTEMPT", .right), ("OUTCOME", .left), ("STARTED", .left), ("TOOK", .right), ("WORKER", .left),
            ("ERROR", .left),
        ])
        for attempt in attempts {
            let took = attempt.finishedAt.map { $0.duration(since: attempt.startedAt) }
            table.add([
                "\(attempt.number)", attempt.outcome ?? "runs", Words.instant(attempt.startedAt) ?? Words.none,
                Words.duration(took), attempt.worker, Visible.line(attempt.error ?? "", upTo: 200),
            ])
        }
        return table.text
    }

    private static func met(_ isMet: Bool?) -> String {
        switch isMet {
        case true: "met"
        case false: "missed"
        case nil: "open"
        }
    }

    private static func shown(_ bytes: [UInt8]) -> String {
        Visible.line(String(decoding: bytes, as: UTF8.self), upTo: 2_000)
    }
}
