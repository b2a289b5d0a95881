import SojournModel

/// Alarms in the order of their time; those of the same instant in the order in which they were set.
struct AlarmTable {
    private struct Place: Comparable {
        let instant: Timestamp
        let id: UInt64

        static func < (lhs: Self, rhs: Self) -> Bool { (lhs.instant, lhs.id) < (rhs.instant, rhs.id) }
    }
    private var places = Heap<Place>()
    private var rings: [UInt64: @Sendable () -> Void] = [:]
    private var lastID: UInt64 = 0

    mutating func add(at instant: Timestamp, _ ring: @escaping @Sendable () -> Void) -> UInt64 {
        lastID += 1
        rings[lastID] = ring
        places.insert(Place(instant: instant, id: lastID))
        return lastID
    }

    mutating func remove(_ id: UInt64) {
        guard rings.removeValue(forKey: id) != nil else { return }
        if places.count > 2 * rings.count + 64 { places.keep { rings[$0.id] != nil } }
    }

    mutating func popFirst() -> (instant: Timestamp, ring: @Sendable () -> Void)? {
        while let place = places.popFirst() {
            if let ring = rings.removeValue(forKey: place.id) { return (place.instant, ring) }
        }
        return nil
    }
}
