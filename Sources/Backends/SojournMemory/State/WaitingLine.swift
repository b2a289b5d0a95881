import SojournModel

/// Tasks of one lane and type that wait for a worker: those that are late stand apart from those in time.
///
/// Time only moves tasks from one to the other, each of them once, so looking who is late costs nothing extra.
struct WaitingLine {
    private(set) var inTime = Line()
    private(set) var late = Line()
    /// Who became available before stands among the late.
    private var cutoff = Timestamp.distantPast

    /// How many tasks stand here.
    var count: Int { inTime.count + late.count }

    mutating func add(_ place: Place, in table: TaskTable) {
        if place.instant < cutoff { late.add(place, in: table) } else { inTime.add(place, in: table) }
    }

    /// Tells that a task left that had become available at `instant`; its place must have gone stale.
    mutating func leave(availableSince instant: Timestamp) {
        if instant < cutoff { late.leave() } else { inTime.leave() }
    }

    /// Who is in time and who is late: who became available before `cutoff`, or (nil) nobody. With when the first of
    /// those in time became available.
    mutating func look(
        cutoff: Timestamp?, in table: TaskTable
    ) -> (inTime: Int, late: Int, oldest: Timestamp) {
        guard let cutoff else { return (count, 0, first(late: nil, in: table)?.instant ?? .distantFuture) }
        split(at: cutoff, in: table)
        return (inTime.count, late.count, inTime.first(in: table)?.instant ?? .distantFuture)
    }

    private mutating func split(at cutoff: Timestamp, in table: TaskTable) {
        if cutoff < self.cutoff {
            // Another promise than before: rare enough to sort all of them again.
            while let place = late.removeFirst(in: table) { inTime.add(place, in: table) }
        }
        self.cutoff = cutoff
        while let place = inTime.first(in: table), place.instant < cutoff {
            inTime.removeFirst(in: table)
            late.add(place, in: table)
        }
    }

    /// The first place of the late, of those in time, or (nil) of all.
    mutating func first(late isLate: Bool?, in table: TaskTable) -> Place? {
        switch isLate {
        case true?: return late.first(in: table)
        case false?: return inTime.first(in: table)
        case nil: return [late.first(in: table), inTime.first(in: table)].lazy.compactMap(\.self).min()
        }
    }
}
