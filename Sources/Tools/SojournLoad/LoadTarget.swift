public import SojournCore
public import SojournModel
public import SojournWire

/// Where a load goes: a server over HTTP, or a backend itself.
public protocol LoadTarget: Sendable {
    /// Enqueues one task; durable when it returns. Without a status, its idempotency key belongs to another request.
    func enqueue(_ task: NewTask) async throws -> EnqueueAnswer
    /// Enqueues up to ``Limits/enqueueBatch`` tasks, all or none.
    func enqueueAll(_ tasks: [NewTask]) async throws -> [EnqueueAnswer]
    /// One task with its attempts; nil where there is none.
    func task(_ id: TaskID) async throws -> TaskView?
    /// A page of tasks, newest first.
    func tasks(matching filter: TaskFilter, limit: Int, cursor: String?) async throws -> TaskPageView
    /// One queue; nil where there is none.
    func queue(_ name: QueueName) async throws -> QueueView?
}
