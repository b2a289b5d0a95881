#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import SojournCore
import SojournModel
import SojournWire

/// Enqueue, look up, list and cancel tasks.
struct TaskRoutes: Sendable {
    let desk: TaskDesk

    private var queue: LocalTaskQueue { desk.queue }

    var routes: [Route] {
        let accepted = [
            Route.Answer(status: 202, description: "The task is durable.", schema: "EnqueueAnswer"),
            Route.Answer(
                status: 200, description: "The same request was accepted before; the task is that of then.",
                schema: "EnqueueAnswer"),
        ]
        let problems = [422, 429, 507]
        return [
            Route(
                method: .post, path: "/tasks", summary: "Enqueue a task", body: "EnqueueRequest", answers: accepted,
                problems: problems, run: { call in try await enqueue(call) }),
            Route(
                method: .post, path: "/task", summary: "Enqueue a task (for clients of the older shape)",
                body: "EnqueueRequest", answers: accepted, problems: problems,
                run: { call in try await enqueue(call) }),
            Route(
                method: .post, path: "/tasks/batch", summary: "Enqueue up to 1,000 tasks, all or none",
                body: "EnqueueBatch",
                answers: [
                    Route.Answer(
                        status: 202,
                        description: """
                            The tasks are durable. A task whose idempotency key belongs to another request is not one \
                            of them: its status is `conflict`.
                            """, schema: "EnqueueBatchAnswer")
                ], problems: [429, 507], run: { call in try await enqueueBatch(call) }),
        ] + readingRoutes
    }

    private var readingRoutes: [Route] {
        [
            Route(
                method: .get, path: "/tasks/{task_id}", summary: "Show a task and its attempts",
                answers: [Route.Answer(status: 200, description: "The task.", schema: "Task")], problems: [404],
                run: { call in try await show(call) }),
            Route(
                method: .get, path: "/tasks", summary: "List tasks, newest first", query: Self.listParameters,
                answers: [
                    Route.Answer(
                        status: 200,
                        description:
                            "A page without payloads and attempts; it may be short while a cursor follows.",
                        schema: "TaskPage")
                ], run: { call in try await list(call) }),
            Route(
                method: .post, path: "/tasks/{task_id}/cancel", summary: "Cancel a task",
                answers: [
                    Route.Answer(status: 200, description: "It is cancelled.", schema: "CancelAnswer"),
                    Route.Answer(
                        status: 202, description: "It runs; its handler sees the wish at its next heartbeat.",
                        schema: "CancelAnswer"),
                ], problems: [404, 409], run: { call in try await cancel(call) }),
        ]
    }

    private static let listParameters = [
        Route.Parameter(name: "queue", schema: .name, description: "Only tasks of that queue."),
        Route.Parameter(name: "status", schema: .status, description: "Only tasks in that status."),
        Route.Parameter(name: "type", schema: .name, description: "Only tasks of that type."),
        Route.Parameter(name: "tenant", schema: .name, description: "Only tasks of that tenant."),
        Route.Parameter(name: "tag", schema: .name, description: "Only tasks with that tag."),
        Route.Parameter(
            name: "limit", schema: .integer(1...Limits.page), description: "Most tasks; 50 if not given."),
        Route.Parameter(name: "cursor", schema: .string(), description: "The cursor of the page before."),
    ]

    // MARK: Enqueue

    private func enqueue(_ call: Call) async throws -> Response {
        let body = try await call.body()
        var random = SystemRandomNumberGenerator()
        let wanted = try EnqueueRequest.task(from: body, try context(of: call), random: &random)
        try checkPayload(wanted, at: "payload")
        let admission = try await queue.admit([wanted])
        let task = admission.tasks[0]
        let result = try await queue.accept(admission)[0]
        if case .conflict(let owner) = result { throw Problem.keyReused(owner) }
        let answer = try await desk.answer(to: task, result)
        return Answers.json(answer, answer.isDuplicate ? .ok : .accepted)
    }

    private func enqueueBatch(_ call: Call) async throws -> Response {
        let body = try await call.body()
        let context = try context(of: call)
        guard context.idempotencyKey == nil else {
            throw Problem.malformed("The header Idempotency-Key names one task; in a batch each has its own.")
        }
        var random = SystemRandomNumberGenerator()
        let wanted = try EnqueueRequest.batch(from: body, context, random: &random)
        for (index, task) in wanted.enumerated() { try checkPayload(task, at: "tasks[\(index)].payload") }
        let admission = try await queue.admit(wanted)
        let tasks = admission.tasks
        let results = try await queue.accept(admission)
        var answers: [EnqueueAnswer] = []
        answers.reserveCapacity(tasks.count)
        for (task, result) in zip(tasks, results) { answers.append(try await desk.answer(to: task, result)) }
        return Answers.json(EnqueueBatchAnswer(results: answers), .accepted)
    }

    private func context(of call: Call) throws -> EnqueueRequest.Context {
        var context = EnqueueRequest.Context(now: queue.time.now(), retry: queue.policies.retry)
        if let key = call.header(.idempotencyKey) {
            guard let checked = try? IdempotencyKey.checked(key) else {
                throw Problem.malformed(
                    "The header Idempotency-Key must be 1 to \(Limits.idempotencyKeyLength) visible ASCII characters."
                )
            }
            context.idempotencyKey = checked
        }
        // A trace context that is wrong is ignored, as its specification says.
        context.traceparent = call.header(.traceparent).flatMap { Traceparent.isValid($0) ? $0 : nil }
        return context
    }

    private func checkPayload(_ task: NewTask, at path: String) throws(Problem) {
        let count = task.message.payload.count
        guard count > Limits.payloadBytes else { return }
        throw Problem(.contentTooLarge, "\(path) must be at most \(Limits.payloadBytes) bytes, but has \(count).")
    }

    // MARK: Look

    private func show(_ call: Call) async throws -> Response {
        let id = try call.taskID()
        _ = try Query(call, allowed: [])
        guard let task = try await desk.task(id) else { throw Problem.unknownTask(id) }
        return Answers.json(task)
    }

    private func list(_ call: Call) async throws -> Response {
        let query = try Query(call, allowed: Self.listParameters.map(\.name))
        let filter = TaskFilter(
            queue: try query.name("queue"), status: try query.status("status"), type: try query.name("type"),
            tenant: try query.name("tenant"), tag: try (query.name("tag") as TaskType?)?.rawValue)
        return Answers.json(
            try await desk.tasks(
                matching: filter, limit: try query.int("limit", in: 1...Limits.page) ?? 50,
                cursor: try query.text("cursor", maxBytes: 1_024)))
    }

    private func cancel(_ call: Call) async throws -> Response {
        let id = try call.taskID()
        switch try await desk.cancel(id) {
        case .cancelled: return Answers.json(CancelAnswer(taskID: id, status: .cancelled))
        case .requested: return Answers.json(CancelAnswer(taskID: id, status: .running), .accepted)
        case .final(let status):
            throw Problem(
                .conflict, "Task \(id) is \(status.rawValue); only a task that is not over can be cancelled.")
        case .unknown: throw Problem.unknownTask(id)
        }
    }
}
#endif
