import SojournCore
import SojournModel

/// One hand-out of a task.
struct Grant {
    var lease: Lease
    let worker: String
    let leasedAt: Timestamp
}

/// What settled a task last, so that a repetition is told from a late comer.
struct Settled: Equatable {
    let token: LeaseToken
    let outcome: String
}

/// A task and what this backend knows beyond its record.
struct TaskEntry {
    var record: TaskRecord
    let fingerprint: UInt64
    /// The number of its place in a line; 0 while it stands in none.
    var place: UInt64 = 0
    /// The lease it runs under.
    var grant: Grant?
    var settled: Settled?
}

/// Tasks in slots, so that lines can point at them without hashing.
struct TaskTable {
    private var entries: [TaskEntry] = []
    private var vacant: [Int] = []
    private var slots: [TaskID: Int] = [:]
    /// All identifiers, ascending. May hold some of tasks that are gone: see ``newestFirst(below:)``.
    private var order: [TaskID] = []

    var count: Int { slots.count }

    subscript(slot: Int) -> TaskEntry {
        _read { yield entries[slot] }
        _modify { yield &entries[slot] }
    }

    func slot(of id: TaskID) -> Int? { slots[id] }

    /// Whether the task still stands where `place` says.
    func isLive(_ place: Place) -> Bool { entries[place.slot].place == place.number }

    /// Takes in a task whose identifier is new, and says where.
    mutating func insert(_ entry: TaskEntry) -> Int {
        let id = entry.record.message.id
        remember(id)
        if let slot = vacant.popLast() {
            entries[slot] = entry
            slots[id] = slot
            return slot
        }
        entries.append(entry)
        slots[id] = entries.count - 1
        return entries.count - 1
    }

    /// Forgets a task that stands in no line.
    mutating func remove(_ slot: Int) {
        slots[entries[slot].record.message.id] = nil
        entries[slot].place = 0
        entries[slot].record.message.payload = []
        entries[slot].record.result = nil
        entries[slot].record.attempts = []
        vacant.append(slot)
        if order.count > 2 * slots.count + 64 { order = order.filter { slots[$0] != nil } }
    }

    /// The slots of tasks older than `cursor` (of all, without one), newest first.
    func newestFirst(below cursor: TaskID?) -> some Sequence<Int> {
        let end = cursor.map { position(of: $0) } ?? order.count
        return order[..<end].lazy.reversed().compactMap { slots[$0] }
    }

    /// Identifiers come nearly in order, so the new one belongs at the end or close to it.
    private mutating func remember(_ id: TaskID) {
        let index = order.last.map { $0 < id } ?? true ? order.count : position(of: id)
        if index < order.count, order[index] == id { return }
        order.insert(id, at: index)
    }

    /// Where `id` stands among the ordered identifiers, or would.
    private func position(of id: TaskID) -> Int {
        var low = 0
        var high = order.count
        while low < high {
            let middle = (low + high) / 2
            if order[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
