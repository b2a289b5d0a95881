#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel

/// Whose an idempotency key is, as Redis keeps it.
struct KeyOwner: Sendable, Equatable {
    let task: TaskID
    let fingerprint: UInt64
    /// Whether the task is known to be stored. Until then, whoever brings the same request stores it.
    var isConfirmed: Bool

    init(task: TaskID, fingerprint: UInt64, isConfirmed: Bool) {
        self.task = task
        self.fingerprint = fingerprint
        self.isConfirmed = isConfirmed
    }

    var encoded: ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: 25)
        bytes.write(task)
        bytes.writeInteger(fingerprint)
        bytes.writeInteger(isConfirmed ? 1 as UInt8 : 0)
        return bytes
    }

    init?(_ value: ByteBuffer) {
        var bytes = value
        guard let task = bytes.readTaskID(), let fingerprint = bytes.readInteger(as: UInt64.self),
            let confirmed = bytes.readInteger(as: UInt8.self)
        else { return nil }
        self.init(task: task, fingerprint: fingerprint, isConfirmed: confirmed == 1)
    }
}

/// What one task of an insert may do, after its key was looked at.
struct KeyClaim {
    /// The identifier to store it under: the key's, where it repeats a request that may not have been stored.
    let task: TaskID
    /// What to tell the producer.
    var answer: InsertResult
    /// Whether it is to be stored.
    var mustInsert = true
    /// Whether the key is confirmed once the task is stored.
    var key: KeyOwner?
    private let isFirst: Bool

    /// `owner` is who had the key before; nil where nobody had, or there is no key.
    init(_ task: NewTask, owner: KeyOwner?) {
        let id = task.message.id
        self.task = owner?.task ?? id
        isFirst = owner.map { $0.task == id } ?? true
        answer = .inserted(id)
        if task.idempotencyKey != nil {
            key = owner ?? KeyOwner(task: id, fingerprint: task.fingerprint, isConfirmed: false)
        }
        guard let owner else { return }
        let isSame = owner.fingerprint == task.fingerprint
        mustInsert = isSame && !owner.isConfirmed
        answer = isSame ? .duplicate(of: owner.task) : .conflict(with: owner.task)
    }

    /// Notes what storing it came to. The first with a key is told that its task was stored, whoever stored it.
    mutating func inserted(_ result: InsertResult) {
        if key == nil || (isFirst && !result.isConflict) { answer = key == nil ? result : .inserted(task) }
    }
}

extension InsertResult {
    fileprivate var isConflict: Bool {
        if case .conflict = self { true } else { false }
    }
}

extension NewTask {
    /// The field of its idempotency key. A blank is in no tenant's name.
    fileprivate var keyField: String? { idempotencyKey.map { "\(message.tenant.rawValue) \($0)" } }
}

extension RedisQueue {
    /// Gives the keys of `tasks` to those who come first.
    func reserveKeys(of tasks: [NewTask]) async throws(BackendError) -> [KeyClaim] {
        let keyed = tasks.indices.filter { tasks[$0].idempotencyKey != nil }
        if keyed.isEmpty { return tasks.map { KeyClaim($0, owner: nil) } }
        var call = Scripts.reserve.call(keys: [SharedKeys.owners, SharedKeys.ages])
        call.append(Int(time.now().microseconds))
        for index in keyed {
            let owner = KeyOwner(
                task: tasks[index].message.id, fingerprint: tasks[index].fingerprint, isConfirmed: false)
            call.append(tasks[index].keyField ?? "")
            call.append(owner.encoded)
        }
        let values = try await server.send(call).buffers
        guard values.count == keyed.count else { throw .unreadable("the owners of keys") }
        var owners: [Int: KeyOwner] = [:]
        for (index, value) in zip(keyed, values) { owners[index] = value.flatMap { KeyOwner($0) } }
        return tasks.indices.map { KeyClaim(tasks[$0], owner: owners[$0]) }
    }

    /// Notes that the tasks of these keys are stored.
    func confirmKeys(_ claims: [KeyClaim], of tasks: [NewTask]) async throws(BackendError) {
        var call = Scripts.confirm.call(keys: [SharedKeys.owners])
        var isNeeded = false
        for (claim, task) in zip(claims, tasks) where claim.mustInsert {
            guard var owner = claim.key, let field = task.keyField else { continue }
            isNeeded = true
            call.append(field)
            call.append(owner.encoded)
            owner.isConfirmed = true
            call.append(owner.encoded)
        }
        if isNeeded { _ = try await server.send(call) }
    }

    /// Takes keys away from tasks that are stored and shall not count.
    func releaseKeys(of tasks: [(task: NewTask, id: TaskID)]) async throws(BackendError) {
        var call = Scripts.release.call(keys: [SharedKeys.owners, SharedKeys.ages])
        var isNeeded = false
        for (task, id) in tasks {
            guard let field = task.keyField else { continue }
            isNeeded = true
            call.append(field)
            call.append(KeyOwner(task: id, fingerprint: task.fingerprint, isConfirmed: true).encoded)
        }
        if isNeeded { _ = try await server.send(call) }
    }

    /// The task that each one's idempotency key belongs to; a key that is only reserved belongs to none yet.
    func keyOwners(of tasks: [NewTask]) async throws(BackendError) -> [TaskID?] {
        let keyed = tasks.indices.filter { tasks[$0].idempotencyKey != nil }
        var owners = [TaskID?](repeating: nil, count: tasks.count)
        if keyed.isEmpty { return owners }
        var call = Command("HMGET", key: SharedKeys.owners)
        for index in keyed { call.append(tasks[index].keyField ?? "") }
        for (index, value) in zip(keyed, try await server.send(call).buffers) {
            owners[index] = value.flatMap { KeyOwner($0) }.flatMap { $0.isConfirmed ? $0.task : nil }
        }
        return owners
    }
}
#endif
