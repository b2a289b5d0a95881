#if SQLite
import SojournCore
import SojournModel

extension Writer {
    /// Writes attempts and new statuses, fenced by the leases.
    mutating func finish(_ results: [AttemptResult], now: Timestamp) throws(BackendError) -> [SettlementStatus] {
        var statuses: [SettlementStatus] = []
        statuses.reserveCapacity(results.count)
        for result in results { statuses.append(try finish(result, now: now)) }
        return statuses
    }

    private mutating func finish(_ result: AttemptResult, now: Timestamp) throws(BackendError) -> SettlementStatus {
        let lease = result.report.delivery.lease
        guard let held = held[lease.task], held.token == lease.token else {
            return try wasSettled(lease, result.report.outcome) ? .settled : .leaseLost
        }
        // The reaper looked a moment ago; a heartbeat may have come since (River issue 1302).
        if case .leaseExpired = result.report.outcome, held.until > now { return .leaseLost }
        let verdict = held.isCancelRequested ? result.verdict.honoringCancel : result.verdict
        if verdict.countsAttempt, verdict.status != .succeeded {
            try record(result.report, of: held)
        }
        try settle(held, result.report, verdict, now: now)
        hold(lease.task, nil)
        lanes.move(held.lane, from: .running, to: verdict.status, availableAt: verdict.availableAt)
        return .settled
    }

    /// Whether this lease was settled before with this very outcome: a repetition, because the answer got lost. Token
    /// and outcome stay in the row until the next lease.
    private func wasSettled(_ lease: Lease, _ outcome: Outcome) throws(BackendError) -> Bool {
        let select = statements.selectSettled
        defer { select.reset() }
        select.bind(1, lease.task)
        guard try select.next() else { return false }
        guard select.int(0) != TaskStatus.running.code, select.token(1) == lease.token else { return false }
        return select.text(2) == outcome.name
    }

    private func settle(
        _ held: Held, _ report: AttemptReport, _ verdict: Verdict, now: Timestamp
    ) throws(BackendError) {
        let isCrash = report.outcome == .leaseExpired
        let settle = statements.settle
        settle.bind(1, held.seq)
        settle.bind(2, verdict.status.code)
        settle.bind(3, verdict.availableAt ?? held.message.availableAt)
        settle.bind(4, held.message.attempt - (verdict.countsAttempt ? 0 : 1))
        settle.bind(5, held.message.crashes + (isCrash ? 1 : 0))
        settle.bind(6, report.worker.isEmpty ? held.worker : report.worker)
        settle.bind(7, report.startedAt)
        settle.bind(8, report.finishedAt)
        settle.bind(9, verdict.status.isFinal ? now.microseconds : nil)
        settle.bind(10, verdict.deadReason?.rawValue)
        settle.bind(11, report.outcome.name)
        settle.bind(12, report.outcome.storedError)
        settle.bind(13, report.outcome.storedResult)
        try settle.run()
    }

    private func record(_ report: AttemptReport, of held: Held) throws(BackendError) {
        let insert = statements.insertAttempt
        insert.bind(1, held.seq)
        insert.bind(2, held.message.attempt)
        insert.bind(3, report.worker.isEmpty ? held.worker : report.worker)
        insert.bind(4, report.startedAt)
        insert.bind(5, report.finishedAt)
        insert.bind(6, report.outcome.name)
        insert.bind(7, report.outcome.storedError)
        try insert.run()
    }
}
#endif
