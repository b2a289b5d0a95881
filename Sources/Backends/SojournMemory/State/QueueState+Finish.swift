import SojournCore
import SojournModel

extension QueueState {
    /// Ends an attempt, if its lease holds. The same once more changes nothing and gets the same answer.
    mutating func finish(_ result: AttemptResult, now: Timestamp) -> SettlementStatus {
        let lease = result.report.delivery.lease
        let outcome = result.report.outcome
        guard let slot = slot(holding: lease.task, lease.token) else {
            let claimed = Settled(token: lease.token, outcome: outcome.name)
            return settled(lease.task) == claimed ? .settled : .leaseLost
        }
        // Between the reaper's look and its write the worker may have extended its lease.
        if outcome == .leaseExpired, let grant = table[slot].grant, grant.lease.expiresAt > now { return .leaseLost }
        update(slot) { $0.settle(result, now: now) }
        return .settled
    }

    /// Whether the delivery shall run: its lease holds.
    func begin(_ delivery: Delivery) -> BeginResult {
        if slot(holding: delivery.lease.task, delivery.lease.token) != nil { return .run }
        return .skip(table.slot(of: delivery.lease.task).map { table[$0].record.status })
    }

    /// What settled a task last.
    func settled(_ task: TaskID) -> Settled? { table.slot(of: task).flatMap { table[$0].settled } }
}
