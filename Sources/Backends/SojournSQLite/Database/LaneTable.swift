#if SQLite
import SojournCore
import SojournModel

/// The lanes and how many tasks each holds by status: the table `lane`, mirrored in memory by its only writer.
struct LaneTable {
    struct Key: Hashable {
        var lane: Lane
        var type: TaskType
    }
    struct Entry {
        var key: Key
        var counts: [Int]
        /// No queued task of the lane became available earlier, so a claim can often tell that none is late.
        var oldest = Timestamp.distantPast
        /// Whether one became available then.
        var isOldestExact = false

        /// Notes that a task went from one status to another; one that comes to wait says since when.
        mutating func move(from: TaskStatus?, to: TaskStatus?, availableAt: Timestamp?) {
            let isFirst = counts[LaneTable.index(.queued)] == 0
            if let from { counts[LaneTable.index(from)] -= 1 }
            if let to { counts[LaneTable.index(to)] += 1 }
            if from == .queued { isOldestExact = false }
            guard to == .queued else { return }
            let instant = availableAt ?? .distantPast
            guard isFirst || instant <= oldest else { return }
            oldest = instant
            isOldestExact = availableAt != nil
        }
    }

    private(set) var entries: [Int64: Entry] = [:]
    private var ids: [Key: Int64] = [:]
    private var nextID: Int64 = 1
    private var dirty: Set<Int64> = []
    /// Lanes with queued tasks, so that a claim looks at no other.
    private(set) var ready: Set<Int64> = []

    private static let columns = TaskStatus.allCases.sorted { $0.code < $1.code }.map(\.rawValue)

    static func load(on connection: OpaquePointer) throws(BackendError) -> LaneTable {
        var table = LaneTable()
        let select = try Statement(
            "SELECT id, queue, tenant, priority, type, \(columns.joined(separator: ", ")) FROM lane", on: connection)
        defer { select.finalize() }
        while try select.next() {
            let lane = Lane(
                queue: QueueName(trusted: select.text(1) ?? ""), tenant: Tenant(trusted: select.text(2) ?? ""),
                priority: Priority(rawValue: select.int(3)) ?? .default)
            let key = Key(lane: lane, type: TaskType(trusted: select.text(4) ?? ""))
            let counts = columns.indices.map { select.int(Int32(5 + $0)) }
            table.add(Entry(key: key, counts: counts), id: select.int64(0))
        }
        return table
    }

    /// The lane of a task, made where it is new.
    mutating func id(of message: TaskMessage, on connection: OpaquePointer) throws(BackendError) -> Int64 {
        let key = Key(lane: message.lane, type: message.type)
        if let id = ids[key] { return id }
        guard entries.count < Limits.lanes else {
            throw BackendError(
                .rejected, "There are \(Limits.lanes) combinations of queue, tenant, priority and type already.")
        }
        let id = nextID
        let insert = try Statement(
            "INSERT INTO lane (id, queue, tenant, priority, type) VALUES (?1, ?2, ?3, ?4, ?5)", on: connection)
        defer { insert.finalize() }
        insert.bind(1, id)
        insert.bind(2, key.lane.queue.rawValue)
        insert.bind(3, key.lane.tenant.rawValue)
        insert.bind(4, key.lane.priority.rawValue)
        insert.bind(5, key.type.rawValue)
        try insert.run()
        add(Entry(key: key, counts: Self.columns.map { _ in 0 }), id: id)
        return id
    }

    /// Notes that a task of lane `id` went from one status to another; nil stands for not being there. One that becomes
    /// queued says since when it is available.
    mutating func move(_ id: Int64, from: TaskStatus?, to: TaskStatus?, availableAt: Timestamp? = nil) {
        entries[id]?.move(from: from, to: to, availableAt: availableAt)
        dirty.insert(id)
        if from == .queued || to == .queued { updateReady(id) }
    }

    /// Notes when the oldest queued task of lane `id` became available.
    mutating func sawOldest(_ id: Int64, _ instant: Timestamp) {
        entries[id]?.oldest = instant
        entries[id]?.isOldestExact = true
    }

    /// Queued tasks of lane `id`.
    func queued(_ id: Int64) -> Int { entries[id]?.counts[Self.index(.queued)] ?? 0 }

    /// Queued tasks of all lanes of `queue`.
    func queued(in queue: QueueName) -> Int {
        ready.reduce(0) { sum, id in entries[id]?.key.lane.queue == queue ? sum + queued(id) : sum }
    }

    /// Writes the counts of one lane: its number, then the counts in the order of the columns.
    static let updateSQL =
        "UPDATE lane SET \(columns.enumerated().map { "\($1) = ?\($0 + 2)" }.joined(separator: ", ")) WHERE id = ?1"

    /// Writes changed counts by ``updateSQL``, inside the transaction that changed them.
    mutating func flush(with update: Statement) throws(BackendError) {
        for id in dirty {
            guard let counts = entries[id]?.counts else { continue }
            update.bind(1, id)
            for (index, count) in counts.enumerated() { update.bind(Int32(index + 2), count) }
            try update.run()
        }
        dirty.removeAll(keepingCapacity: true)
    }

    private mutating func add(_ entry: Entry, id: Int64) {
        entries[id] = entry
        ids[entry.key] = id
        nextID = max(nextID, id + 1)
        updateReady(id)
    }

    private mutating func updateReady(_ id: Int64) {
        if queued(id) > 0 { ready.insert(id) } else { ready.remove(id) }
    }

    /// The columns stand in the order of ``TaskStatus/code``.
    fileprivate static func index(_ status: TaskStatus) -> Int { status.code }
}
#endif
