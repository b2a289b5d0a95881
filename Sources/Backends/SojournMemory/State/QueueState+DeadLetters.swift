import SojournCore
import SojournModel

extension QueueState {
    /// Puts dead letters back, oldest first; their messages.
    mutating func replay(matching filter: TaskFilter, limit: Int, now: Timestamp) -> [TaskMessage] {
        deadLetters(matching: filter, limit: limit).map { slot in
            update(slot) { $0.replay(now: now) }
            return table[slot].record.message
        }
    }

    /// Deletes dead letters, oldest first; how many.
    mutating func purge(matching filter: TaskFilter, limit: Int) -> Int {
        let slots = deadLetters(matching: filter, limit: limit)
        for slot in slots { remove(slot) }
        return slots.count
    }

    private func deadLetters(matching filter: TaskFilter, limit: Int) -> [Int] {
        let ids = filter.ids.map { Set($0) }
        let matching = dead.slots(in: table).filter { filter.matches(table[$0].record, ids: ids) }
        let oldest = matching.sorted { table[$0].record.message.id < table[$1].record.message.id }
        return Array(oldest.prefix(max(0, limit)))
    }
}
