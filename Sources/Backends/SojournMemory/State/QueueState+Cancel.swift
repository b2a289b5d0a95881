import SojournCore
import SojournModel

extension QueueState {
    /// Stops a task that waits, and asks for one that runs.
    mutating func cancel(_ id: TaskID, now: Timestamp) -> CancelResult {
        guard let slot = table.slot(of: id) else { return .unknown }
        let status = table[slot].record.status
        switch status {
        case .blocked, .scheduled, .queued, .retrying:
            update(slot) { $0.end(as: .cancelled, now: now) }
            return .cancelled(waiting: status == .queued ? Arrival(table[slot].record.message) : nil)
        case .running:
            table[slot].record.isCancelRequested = true
            return .requested
        case .succeeded, .cancelled, .dead:
            return .final(status)
        }
    }
}
