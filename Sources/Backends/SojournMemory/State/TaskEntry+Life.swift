import SojournCore
import SojournModel

extension TaskEntry {
    /// An attempt begins.
    mutating func start(_ grant: Grant) {
        self.grant = grant
        // From here on an earlier lease is an old one, whatever it settled (invariant S5).
        settled = nil
        record.status = .running
        record.message.attempt += 1
        record.startedAt = record.startedAt ?? grant.leasedAt
        record.waited = record.waited ?? max(.zero, grant.leasedAt.duration(since: record.message.availableAt))
    }

    /// The attempt ends as its verdict says.
    mutating func settle(_ result: AttemptResult, now: Timestamp) {
        let verdict = record.isCancelRequested ? result.verdict.honoringCancel : result.verdict
        let outcome = result.report.outcome
        settled = Settled(token: result.report.delivery.lease.token, outcome: outcome.name)
        if verdict.countsAttempt || verdict.status.isFinal { record.attempts.append(attempt(in: result.report)) }
        grant = nil
        if !verdict.countsAttempt { record.message.attempt = max(0, record.message.attempt - 1) }
        if outcome == .leaseExpired { record.message.crashes += 1 }
        record.lastError = outcome.storedError ?? record.lastError
        record.result = outcome.storedResult
        record.status = verdict.status
        switch verdict.disposition {
        case .acknowledge: break
        case .release(let instant): record.message.availableAt = instant
        case .deadLetter(let reason): record.deadReason = reason
        }
        if verdict.status.isFinal { record.finishedAt = now }
    }

    /// The task ends without an attempt.
    mutating func end(as status: TaskStatus, reason: DeadReason? = nil, now: Timestamp) {
        record.status = status
        record.deadReason = reason
        record.finishedAt = now
    }

    /// The dead letter gets a new budget of attempts.
    mutating func replay(now: Timestamp) {
        record.status = .queued
        record.message.attemptsBeforeReplay = record.message.attempt
        record.message.crashes = 0
        record.message.availableAt = now
        record.finishedAt = nil
        record.deadReason = nil
        record.isCancelRequested = false
    }

    /// The record as people see it: with the running attempt.
    var fullRecord: TaskRecord {
        var record = record
        if let grant {
            record.attempts.append(
                AttemptRecord(number: record.message.attempt, worker: grant.worker, startedAt: grant.leasedAt))
        }
        return record
    }

    /// A report without a name, as the reaper's, is about whoever claimed the task.
    private func attempt(in report: AttemptReport) -> AttemptRecord {
        AttemptRecord(
            number: record.message.attempt, worker: report.worker.isEmpty ? grant?.worker ?? "" : report.worker,
            startedAt: report.startedAt,
            finishedAt: report.finishedAt, outcome: report.outcome.name,
            error: report.outcome.storedError)
    }
}
