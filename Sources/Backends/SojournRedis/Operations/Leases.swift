#if Redis
import NIOCore
import RESP
public import SojournCore
public import SojournModel

extension RedisQueue {
    /// Moves the end of leases to `duration` from now.
    public func extend(_ leases: [Lease], by duration: Duration) async throws(BackendError) -> [LeaseStatus] {
        try await extend(leases, to: time.now().advanced(by: duration.clamped(to: Limits.lease)))
    }

    /// Moves the end of leases to `end`.
    func extend(_ leases: [Lease], to end: Timestamp) async throws(BackendError) -> [LeaseStatus] {
        var byQueue: [UInt32: (keys: QueueKeys, indexes: [Int])] = [:]
        for index in leases.indices {
            guard let entry = try await queue(of: leases[index].token) else { continue }
            byQueue[entry.number, default: (entry.keys, [])].indexes.append(index)
        }
        var batches: [(indexes: ArraySlice<Int>, call: Command)] = []
        for (keys, indexes) in byQueue.values {
            for start in stride(from: 0, to: indexes.count, by: Scripts.batch) {
                let part = indexes[start..<min(start + Scripts.batch, indexes.count)]
                var call = Scripts.extend.call(keys: [keys.states, keys.leases])
                call.append(Int(end.microseconds))
                for index in part {
                    call.append(leases[index].task.key)
                    call.append(Tokens.common(leases[index].token, leases[index].task).bytes)
                }
                batches.append((part, call))
            }
        }
        var statuses = [LeaseStatus](repeating: .lost, count: leases.count)
        for (batch, value) in zip(batches, try await server.send(batches.map(\.call))) {
            guard let answers = value.bytes?.readableBytesView, answers.count == batch.indexes.count else {
                throw .unreadable("a heartbeat")
            }
            for (index, answer) in zip(batch.indexes, answers) {
                if answer == UInt8(ascii: "h") { statuses[index] = .held(until: end) }
                if answer == UInt8(ascii: "c") { statuses[index] = .cancelled(until: end) }
            }
        }
        return statuses
    }

    /// The leases that hold and have one of these common tokens.
    func leases(with tokens: Set<LeaseToken>) async throws(BackendError) -> [Lease] {
        if tokens.isEmpty { return [] }
        let entries = try await allQueues()
        var wanted: [(entry: Directory.Entry, ids: [TaskID])] = []
        for (entry, value) in zip(
            entries, try await server.send(entries.map { Command("ZRANGE", key: $0.keys.leases, "0", "-1") }))
        {
            wanted.append((entry, value.buffers.compactMap { $0.flatMap { TaskID(key: $0) } }))
        }
        return try await read(wanted).joined().compactMap { task in
            task.flatMap { tokens.contains($0.state.token) ? $0.delivery?.lease : nil }
        }
    }

    /// The deliveries that leases stand for; nil where a lease no longer holds.
    public func deliveries(
        of leases: [(task: TaskID, token: LeaseToken)]
    ) async throws(BackendError) -> [Delivery?] {
        var wanted: [UInt32: (entry: Directory.Entry, ids: [TaskID])] = [:]
        for lease in leases {
            guard let entry = try await queue(of: lease.token) else { continue }
            wanted[entry.number, default: (entry, [])].ids.append(lease.task)
        }
        var found: [LeaseToken: Delivery] = [:]
        for case let task? in try await read(Array(wanted.values)).joined() {
            if let delivery = task.delivery { found[delivery.lease.token] = delivery }
        }
        return leases.map { lease in
            guard let delivery = found[lease.token], delivery.lease.task == lease.task else { return nil }
            return delivery
        }
    }

    /// Deliveries whose lease has ended, the longest first, and when the next one ends.
    public func expired(
        limit: Int
    ) async throws(BackendError) -> (deliveries: [Delivery], nextExpiry: Timestamp?) {
        let limit = min(max(0, limit), Limits.dutyBatch)
        let entries = try await allQueues()
        let looks = entries.map { Self.first(limit, of: $0.keys.leases) }
        var ended: [(end: Timestamp, id: TaskID, queue: Int)] = []
        for (queue, value) in try await server.send(looks).enumerated() {
            for (member, end) in Self.scored(value) {
                if let id = TaskID(key: member) { ended.append((end, id, queue)) }
            }
        }
        ended.sort { $0.end < $1.end }
        let now = time.now()
        let over = ended.prefix(limit).prefix { $0.end <= now }
        let byQueue = Dictionary(grouping: over) { $0.queue }
        let tasks = try await read(byQueue.map { (entries[$0.key], $0.value.map(\.id)) }).joined()
        let deliveries = tasks.compactMap { $0?.delivery }.filter { $0.lease.expiresAt <= now }
        let order = Dictionary(over.enumerated().map { ($0.element.id, $0.offset) }) { first, _ in first }
        return (
            deliveries.sorted { order[$0.lease.task, default: 0] < order[$1.lease.task, default: 0] },
            ended.dropFirst(over.count).first?.end
        )
    }

    /// The first members of a sorted set, one more than `limit`.
    static func first(_ limit: Int, of key: String) -> Command {
        Command("ZRANGE", key: key, "0", "\(limit)", "WITHSCORES")
    }

    /// Members with their scores; RESP3 sends pairs where RESP2 sends a flat list.
    static func scored(_ value: RESPValue) -> [(member: ByteBuffer, score: Timestamp)] {
        var flat: [RESPValue] = []
        for element in value.elements ?? [] { flat += element.elements ?? [element] }
        return stride(from: 0, to: flat.count - 1, by: 2).compactMap { index in
            guard let member = flat[index].bytes, let score = flat[index + 1].score else { return nil }
            return (member, score)
        }
    }
}

extension RESPValue {
    /// The score of a sorted set as an instant.
    fileprivate var score: Timestamp? {
        if case .double(let number) = self { return Int64(exactly: number).map { Timestamp(microseconds: $0) } }
        return integer.map { Timestamp(microseconds: Int64($0)) }
    }
}

extension LeaseToken {
    fileprivate var bytes: ByteBuffer {
        var bytes = ByteBufferAllocator().buffer(capacity: 16)
        bytes.write(self)
        return bytes
    }
}
#endif
