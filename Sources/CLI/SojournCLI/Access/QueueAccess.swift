import SojournConfiguration
import SojournCore
import SojournLoad
import SojournModel
import SojournWire

#if HTTP
import SojournClient
#endif

/// What the client commands ask: a server over HTTP, or the backend itself. Its methods are those of ``TaskDesk``, and
/// what only a server knows is missing in the answers of the other.
protocol QueueAccess: LoadTarget {
    /// Enqueues one task; durable when it returns. Without a status, its idempotency key belongs to another request.
    func enqueue(_ task: NewTask) async throws -> EnqueueAnswer
    /// Enqueues up to ``Limits/enqueueBatch`` tasks, all or none.
    func enqueueAll(_ tasks: [NewTask]) async throws -> [EnqueueAnswer]
    /// One task with its attempts; nil where there is none.
    func task(_ id: TaskID) async throws -> TaskView?
    /// A page of tasks, newest first.
    func tasks(matching filter: TaskFilter, limit: Int, cursor: String?) async throws -> TaskPageView
    /// Cancels a task, or asks its handler to stop.
    func cancel(_ id: TaskID) async throws -> CancelResult
    /// Every queue, by name.
    func queues() async throws -> [QueueView]
    /// One queue; nil where there is none.
    func queue(_ name: QueueName) async throws -> QueueView?
    /// Stops or resumes handing out the tasks of a queue.
    func setPaused(_ name: QueueName, _ isPaused: Bool) async throws -> QueueView
    /// A page of dead letters with their attempts, newest first.
    func deadLetters(matching filter: TaskFilter, limit: Int, cursor: String?) async throws -> TaskPageView
    /// Puts dead letters back, oldest first.
    func replay(_ body: ReplayBody) async throws -> ReplayAnswer
    /// The replays with a rate that a server goes on with by itself.
    func replays() async throws -> [ReplayView]
    /// Stops one of them; how it stood, or nil where there is none.
    func stopReplay(_ id: ReplayID) async throws -> ReplayView?
    /// Deletes dead letters, oldest first; how many.
    func purge(matching filter: TaskFilter, limit: Int) async throws -> Int
}

extension Limits {
    /// How many tasks with payloads of so many bytes fit into one call: a batch travels as one body, which has a limit
    /// of its own.
    static func tasksPerCall(payloadBytes: Int) -> Int {
        min(enqueueBatch, max(1, bodyBytes / 2 / (payloadBytes + 512)))
    }
}

/// Hands `body` access to where the settings say that the tasks are, and ends it whatever happened.
func withAccess<Result>(
    _ settings: Settings, _ body: (any QueueAccess) async throws -> Result
) async throws -> Result {
    if settings.client.isDirect {
        let storage = try await Storage.open(settings, for: .command)
        return try await finally(storage.close) { try await body(TaskDesk(queue: storage.queue(settings))) }
    }
    #if HTTP
    let client = try SojournClient(settings)
    return try await finally(client.shutdown) { try await body(client) }
    #else
    throw CommandFailure.builtWithout("HTTP")
    #endif
}

/// Runs `body`, then `end`, whatever happened.
func finally<Result>(_ end: () async -> Void, _ body: () async throws -> Result) async throws -> Result {
    do {
        let result = try await body()
        await end()
        return result
    } catch {
        await end()
        throw error
    }
}
