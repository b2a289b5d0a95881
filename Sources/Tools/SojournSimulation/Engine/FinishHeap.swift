/// Attempts that run, the next to end first.
struct FinishHeap {
    struct Entry {
        var instant: Double
        var task: Int32

        static func < (left: Entry, right: Entry) -> Bool {
            left.instant < right.instant || (left.instant == right.instant && left.task < right.task)
        }
    }

    private(set) var entries: [Entry] = []

    /// When the next attempt ends; infinity where none runs.
    var next: Double { entries.first?.instant ?? .infinity }

    mutating func push(_ entry: Entry) {
        var hole = entries.count
        entries.append(entry)
        while hole > 0 {
            let parent = (hole - 1) / 2
            guard entry < entries[parent] else { break }
            entries[hole] = entries[parent]
            hole = parent
        }
        entries[hole] = entry
    }

    /// Takes the attempt that ends next.
    mutating func pop() -> Entry? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first }
        var hole = 0
        while true {
            var child = 2 * hole + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
            guard entries[child] < last else { break }
            entries[hole] = entries[child]
            hole = child
        }
        entries[hole] = last
        return first
    }

    /// Takes an attempt that is not the next to end, where there are two.
    mutating func removeLast() -> Entry? { entries.popLast() }
}
