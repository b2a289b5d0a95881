import Queueing
import SojournModel

/// The waits that tasks in line were quoted, until it is known how long they waited.
struct QuoteBook {
    /// One quote: what was computed, what was said, and when, in seconds.
    typealias Entry = (quote: WaitQuote, bound: Double, at: Double)

    private let capacity: Int
    private var entries: [TaskID: Entry] = [:]

    /// A book for so many quotes; past that it takes none.
    init(capacity: Int = 65_536) { self.capacity = capacity }

    var count: Int { entries.count }

    /// Remembers a quote, while there is room.
    mutating func note(_ task: TaskID, _ quote: WaitQuote, bound: Double, at now: Double) {
        if entries.count < capacity { entries[task] = (quote, bound, now) }
    }

    /// What a task was quoted, once.
    mutating func take(_ task: TaskID) -> Entry? { entries.isEmpty ? nil : entries.removeValue(forKey: task) }

    /// Forgets tasks that are never heard of again: cancelled in line, or handed out by another server. All of them
    /// where nobody waits; where the book fills, those that should have started long ago.
    mutating func tidy(isEmpty: Bool, limit: Double, at now: Double) {
        if isEmpty {
            entries = [:]
        } else if entries.count > capacity / 2 {
            entries = entries.filter { now - $0.value.at < 4 * max($0.value.bound, limit) }
        }
    }
}
