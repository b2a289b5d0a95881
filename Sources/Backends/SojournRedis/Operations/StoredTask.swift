#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel

extension TaskBody {
    /// The task whose body `value` is, in the queue `entry`, which knows its line.
    init(_ value: ByteBuffer, id: TaskID, in entry: Directory.Entry) throws(BackendError) {
        guard let line = Self.line(of: value).flatMap({ entry.lines[$0] }),
            let body = TaskBody(value, id: id, line: line, queue: entry.keys.queue)
        else { throw .unreadable("task \(id)") }
        self = body
    }
}

/// One task as the read script finds it.
struct StoredTask: Sendable {
    let entry: Directory.Entry
    let body: TaskBody
    /// The state as it is kept; nil where nothing happened yet.
    let stateBytes: ByteBuffer?
    let state: TaskState
    let expiresAt: Timestamp?
    let status: TaskStatus

    /// What the body and (where something happened) the state say together.
    static func message(_ body: TaskBody, _ state: ByteBuffer?) throws(BackendError) -> TaskMessage {
        guard let state else { return body.message }
        guard let state = TaskState(state, availableAt: body.message.availableAt) else {
            throw .unreadable("the state of task \(body.message.id)")
        }
        return message(body, state)
    }

    private static func message(_ body: TaskBody, _ state: TaskState) -> TaskMessage {
        var message = body.message
        message.availableAt = state.availableAt
        message.attempt = state.attempt
        message.attemptsBeforeReplay = state.attemptsBeforeReplay
        message.crashes = state.crashes
        return message
    }

    /// Row `index` of the four lists that the read script answers.
    init?(_ id: TaskID, row index: Int, of lists: [[RESPValue]], in entry: Directory.Entry) throws(BackendError) {
        guard let bytes = lists[0][index].bytes else { return nil }
        body = try TaskBody(bytes, id: id, in: entry)
        stateBytes = lists[1][index].bytes
        let fresh = TaskState(
            status: body.message.isDelayed ? .scheduled : .queued, availableAt: body.message.availableAt)
        guard let state = stateBytes.map({ TaskState($0, availableAt: fresh.availableAt) }) ?? fresh else {
            throw .unreadable("the state of task \(id)")
        }
        expiresAt = lists[2][index].integer.map { Timestamp(microseconds: Int64($0)) }
        let isDue = lists[3][index].text != nil
        // Promoting leaves the state as it was: where the task stands says the rest.
        let isWaiting = state.status == .scheduled || state.status == .retrying
        status = isWaiting && !isDue ? .queued : state.status
        self.entry = entry
        self.state = state
    }

    /// The task as it travels, the running attempt included.
    var message: TaskMessage {
        var message = Self.message(body, state)
        if status == .running { message.attempt += 1 }
        return message
    }

    /// The delivery under the lease that holds.
    var delivery: Delivery? {
        guard status == .running, let expiresAt else { return nil }
        let token = Tokens.token(of: body.message.id, common: state.token, hasHistory: state.hasHistory)
        return Delivery(
            message: message,
            lease: Lease(
                task: body.message.id, token: token, expiresAt: expiresAt))
    }

    /// Everything, with the running attempt last.
    var record: TaskRecord {
        var record = TaskRecord(
            message: message, status: status, attempts: state.attempts, startedAt: state.startedAt,
            finishedAt: state.finishedAt, result: state.result, lastError: state.lastError,
            deadReason: state.deadReason, tags: body.tags,
            isCancelRequested: status == .running && state.mark == TaskState.cancelMark)
        if let startedAt = state.startedAt, let startableAt = state.startableAt {
            record.waited = max(.zero, startedAt.duration(since: startableAt))
        }
        if status == .running, let leasedAt = state.leasedAt {
            record.attempts.append(
                AttemptRecord(number: record.message.attempt, worker: state.worker, startedAt: leasedAt))
        }
        return record
    }
}

extension RedisQueue {
    /// The tasks with `ids` in one queue; nil where it has none of that name.
    func read(_ ids: [TaskID], in entry: Directory.Entry) async throws(BackendError) -> [StoredTask?] {
        try await read([(entry, ids)])[0]
    }

    /// Tasks of several queues, in one piece for each thousand.
    func read(_ wanted: [(entry: Directory.Entry, ids: [TaskID])]) async throws(BackendError) -> [[StoredTask?]] {
        var calls: [(index: Int, ids: ArraySlice<TaskID>, call: Command)] = []
        for (index, part) in wanted.enumerated() {
            for start in stride(from: 0, to: part.ids.count, by: Scripts.batch) {
                let ids = part.ids[start..<min(start + Scripts.batch, part.ids.count)]
                calls.append((index, ids, Self.reading(ids, part.entry.keys)))
            }
        }
        var tasks = [[StoredTask?]](repeating: [], count: wanted.count)
        let values = try await server.send(calls.map(\.call))
        for (call, value) in zip(calls, values) {
            let lists = (value.elements ?? []).map { $0.elements ?? [] }
            guard lists.count == 4, lists.allSatisfy({ $0.count == call.ids.count }) else {
                throw .unreadable("a look at tasks")
            }
            let numbers = lists[0].compactMap { $0.bytes.flatMap { TaskBody.line(of: $0) } }
            let entry = try await entry(wanted[call.index].entry, knowing: numbers)
            for (row, id) in call.ids.enumerated() {
                tasks[call.index].append(try StoredTask(id, row: row, of: lists, in: entry))
            }
        }
        return tasks
    }

    private static func reading(_ ids: ArraySlice<TaskID>, _ keys: QueueKeys) -> Command {
        var call = Scripts.read.call(
            keys: [keys.bodies, keys.states, keys.leases, keys.due], capacity: 24 * ids.count)
        for id in ids { call.append(id.key) }
        return call
    }

    /// The tasks with `ids`, whatever queue has them; all queues are asked.
    func find(_ ids: [TaskID]) async throws(BackendError) -> [TaskID: StoredTask] {
        if ids.isEmpty { return [:] }
        var found: [TaskID: StoredTask] = [:]
        for tasks in try await read(try await allQueues().map { ($0, ids) }) {
            for case let task? in tasks { found[task.body.message.id] = task }
        }
        return found
    }
}
#endif
