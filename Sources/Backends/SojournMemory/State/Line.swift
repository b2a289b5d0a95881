import SojournModel

/// Where a task stands in a line.
struct Place: Comparable {
    /// What the line is ordered by.
    let instant: Timestamp
    /// New for every stay in a line, in order of arrival; the task remembers its latest one.
    let number: UInt64
    /// The task's slot in the ``TaskTable``.
    let slot: Int

    static func < (lhs: Self, rhs: Self) -> Bool { (lhs.instant, lhs.number) < (rhs.instant, rhs.number) }
}

/// Tasks in order of an instant; those of the same instant in order of arrival.
///
/// A task that leaves is not searched for: its place goes stale, and is dropped when its turn comes, or when stale
/// places outnumber the live ones. So every step costs O(log n).
struct Line {
    private var heap = Heap<Place>()
    /// How many places it keeps, the stale ones included.
    var places: Int { heap.count }
    /// How many tasks stand here.
    private(set) var count = 0

    mutating func add(_ place: Place, in table: TaskTable) {
        count += 1
        heap.insert(place)
        if heap.count > 2 * count + 64 { heap.keep { table.isLive($0) } }
    }

    /// Tells that one task left; its place must have gone stale.
    mutating func leave() { count -= 1 }

    /// The first place, which stays.
    mutating func first(in table: TaskTable) -> Place? {
        while let place = heap.first {
            if table.isLive(place) { return place }
            heap.popFirst()
        }
        return nil
    }

    /// Takes the first place out.
    @discardableResult
    mutating func removeFirst(in table: TaskTable) -> Place? {
        guard let place = first(in: table) else { return nil }
        heap.popFirst()
        count -= 1
        return place
    }

    /// At most `limit` places up to `instant`, and where the line goes on behind them. All of them stay.
    mutating func prefix(
        _ limit: Int, through instant: Timestamp, in table: TaskTable
    ) -> (places: [Place], next: Timestamp?) {
        var places: [Place] = []
        while places.count < limit, let place = first(in: table), place.instant <= instant {
            places.append(place)
            heap.popFirst()
        }
        let next = first(in: table)?.instant
        for place in places { heap.insert(place) }
        return (places, next)
    }

    /// The places of all who stand here, in no order.
    func places(in table: TaskTable) -> [Place] { heap.elements.filter { table.isLive($0) } }

    /// The slots of all who stand here, in no order.
    func slots(in table: TaskTable) -> [Int] { places(in: table).map(\.slot) }
}
