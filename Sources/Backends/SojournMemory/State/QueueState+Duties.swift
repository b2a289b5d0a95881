import SojournCore
import SojournModel

extension QueueState {
    /// Makes tasks available whose time has come: which, and when the next one is due.
    mutating func promote(limit: Int, now: Timestamp) -> (hints: [Hint], nextDue: Timestamp?) {
        var hints: [Hint] = []
        while hints.count < limit, let place = due.first(in: table), place.instant <= now {
            update(place.slot) { $0.record.status = .queued }
            hints.append(Hint(table[place.slot].record.message))
        }
        return (hints, due.first(in: table)?.instant)
    }

    /// Deletes at most `limit` tasks and keys whose time is over; how many.
    mutating func prune(_ cutoffs: RetentionCutoffs, limit: Int) -> Int {
        var pruned = 0
        while pruned < limit, let place = finished.first(in: table), place.instant < cutoffs.finished {
            remove(place.slot)
            pruned += 1
        }
        while pruned < limit, let cutoff = cutoffs.dead, let place = dead.first(in: table), place.instant < cutoff {
            remove(place.slot)
            pruned += 1
        }
        return pruned + keys.prune(before: cutoffs.keys, limit: limit - pruned)
    }
}
