#if HTTP
public import SojournCore
public import SojournModel
public import SojournWire

extension SojournClient {
    /// Enqueues one task; durable when it returns. Repeated after a broken connection only if the task has an
    /// idempotency key.
    public func enqueue(_ task: NewTask) async throws(ClientError) -> EnqueueAnswer {
        try check([task])
        return try await post("/tasks", EnqueueBody(task), isRepeatable: task.idempotencyKey != nil)
    }

    /// Enqueues up to 1,000 tasks of together at most 1 MiB, all or none. Repeated only if each has a key.
    public func enqueueAll(_ tasks: [NewTask]) async throws(ClientError) -> [EnqueueAnswer] {
        guard !tasks.isEmpty else { return [] }
        try check(tasks)
        let answer: EnqueueBatchAnswer = try await post(
            "/tasks/batch", EnqueueBatchBody(tasks), isRepeatable: tasks.allSatisfy { $0.idempotencyKey != nil })
        guard answer.results.count == tasks.count else {
            throw .notUnderstood("\(answer.results.count) results for \(tasks.count) tasks")
        }
        return answer.results
    }

    private func check(_ tasks: [NewTask]) throws(ClientError) {
        guard tasks.count <= Limits.enqueueBatch else {
            throw .invalid("A batch has \(tasks.count) tasks; at most \(Limits.enqueueBatch) are allowed.")
        }
        for task in tasks where !task.message.payload.isEmpty {
            do {
                _ = try JSONValue(validating: task.message.payload)
            } catch {
                throw .invalid("The payload of a task for a server must be JSON: \(error).")
            }
        }
    }

    /// One task with its attempts; nil where there is none.
    public func task(_ id: TaskID) async throws(ClientError) -> TaskView? { try await find("/tasks/\(id)") }

    /// A page of tasks, newest first. The filter's `error` and `ids` are not looked at.
    public func tasks(
        matching filter: TaskFilter = TaskFilter(), limit: Int = 50, cursor: String? = nil
    ) async throws(ClientError) -> TaskPageView {
        var query = Query()
        query.add("queue", filter.queue?.rawValue)
        query.add("status", filter.status?.rawValue)
        query.add("type", filter.type?.rawValue)
        query.add("tenant", filter.tenant?.rawValue)
        query.add("tag", filter.tag)
        query.add("limit", String(limit))
        query.add("cursor", cursor)
        return try await get("/tasks", query)
    }

    /// Cancels a task, or asks its handler to stop.
    public func cancel(_ id: TaskID) async throws(ClientError) -> CancelResult {
        do throws(ClientError) {
            let answer: CancelAnswer = try await post("/tasks/\(id)/cancel", isRepeatable: true)
            return answer.status == .cancelled ? .cancelled(waiting: nil) : .requested
        } catch {
            switch error.problem?.status {
            case 404: return .unknown
            case 409: return .final(try await task(id)?.record.status ?? .dead)
            default: throw error
            }
        }
    }
}

extension SojournClient: TaskSink {
    /// Enqueues tasks; durable when it returns. More than one travel as a batch, all or none.
    public func enqueue(_ tasks: [NewTask]) async throws(BackendError) -> [InsertResult] {
        do throws(ClientError) {
            guard tasks.count == 1 else { return try await enqueueAll(tasks).map(\.result) }
            return [try await enqueue(tasks[0]).result]
        } catch {
            if let problem = error.problem, problem.status == 422, let owner = problem.taskID {
                return [.conflict(with: owner)]
            }
            throw error.asBackendError
        }
    }
}
#endif
