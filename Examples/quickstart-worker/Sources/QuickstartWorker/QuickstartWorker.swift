import Sojourn
import SojournSQLite
import SojournServer

/// The arguments of a task, and the type that says which handler runs it.
struct SendEmail: TaskPayload {
    static let type: TaskType = "email.send"
    let to: String
}

@main
struct QuickstartWorker {
    static func main() async throws {
        // Store and backend are one SQLite database here, in a folder of this process.
        let sqlite = try SQLiteQueue(folder: "quickstart-data")
        let queue = LocalTaskQueue(store: sqlite, backend: sqlite)

        var handlers = HandlerRegistry()
        handlers.register(SendEmail.self) { email, context in
            print("attempt \(context.attempt): an e-mail to \(email.to)")
            // A handler that throws is tried again, later each time.
            if context.attempt == 1 { throw Failure("The mail server is busy.") }
        }
        let worker = Worker(source: queue, handlers: handlers, configuration: .init(name: "quickstart", isLocal: true))

        let producer = Producer(queue)
        let id = try await producer.enqueue(SendEmail(to: "ellen@example.com"), .on("mail"), .tags(["welcome"]))
        print("task \(id) is on the disk")

        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            group.addTask { try await Server(queue: queue).run() }  // brings tasks back that are to be tried again
            let record = try await finished(id, in: queue)
            print("it is \(record.status), after \(record.attempts.count) attempts")
            group.cancelAll()
        }
        sqlite.close()
    }

    /// Waits until the task's life is over.
    static func finished(_ id: TaskID, in queue: LocalTaskQueue) async throws -> TaskRecord {
        while true {
            if let record = try await queue.store.task(id), record.status.isFinal { return record }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
