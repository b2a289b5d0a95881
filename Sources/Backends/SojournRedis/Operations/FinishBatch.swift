#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel

/// One call of the finish script.
struct FinishBatch {
    private(set) var call: Command
    private var slots: [UInt32: UInt8] = [:]
    private var scratch = ByteBufferAllocator().buffer(capacity: 256)

    /// - Parameters:
    ///   - lines: Those that tasks may go back to at once. Where there are more than a byte can name, the others' tasks
    ///     take the way over their due time.
    ///   - wake: What to tell others of the tasks that go back.
    init(
        _ entry: Directory.Entry, returningTo lines: Set<UInt32> = [], wake: String = "", now: Timestamp, count: Int
    ) {
        let keys = entry.keys
        var names = [keys.states, keys.leases, keys.due, keys.finished, keys.dead, keys.counts, keys.open]
        for line in lines.prefix(240) {
            names.append(keys.returned(line))
            slots[line] = UInt8(names.count)
        }
        call = Scripts.finish.call(keys: names, capacity: 256 * count)
        scratch.write(now)
        call.append(Int(now.microseconds))
        call.append(scratch)
        call.append(wake)
    }

    mutating func add(_ attempt: FinishedAttempt) {
        var state = ByteBufferAllocator().buffer(capacity: 0)
        swap(&state, &scratch)
        state.clear()
        attempt.state.write(to: &state)
        add(attempt, state: state)
        swap(&state, &scratch)
    }

    /// Adds an attempt whose state is written already.
    mutating func add(_ attempt: FinishedAttempt, state: ByteBuffer) {
        var bytes = ByteBufferAllocator().buffer(capacity: 16)
        bytes.write(key: attempt.task)
        call.append(bytes)
        bytes.clear()
        attempt.write(target: target(of: attempt), to: &bytes)
        call.append(bytes)
        call.append(state)
    }

    /// Where the task goes: an index in the keys of the script.
    private func target(of attempt: FinishedAttempt) -> UInt8 {
        switch attempt.verdict.status {
        case .succeeded, .cancelled: 4
        case .dead: 5
        case .scheduled, .retrying, .blocked, .running: 3
        case .queued: slots[attempt.line] ?? 3
        }
    }
}

/// One attempt that has ended, as the finish script wants it.
struct FinishedAttempt {
    private let report: AttemptReport
    let verdict: Verdict
    /// When its lease was made, if that is known.
    private let leasedAt: Timestamp?
    /// The number of the line it came from.
    let line: UInt32
    private let now: Timestamp

    init(_ result: AttemptResult, leasedAt: Timestamp?, line: UInt32, now: Timestamp) {
        report = result.report
        verdict = result.verdict
        self.leasedAt = leasedAt
        self.line = line
        self.now = now
    }

    var task: TaskID { report.delivery.lease.task }

    /// Writes what happened.
    func write(target: UInt8, to bytes: inout ByteBuffer) {
        let error = report.outcome.storedError?.utf8.count
        let isComplete = leasedAt != nil && !Tokens.hasHistory(report.delivery.lease.token)
        bytes.writeInteger(UInt8(ascii: report.outcome == .leaseExpired ? "x" : "-"))
        bytes.writeInteger(UInt8(ascii: "0") + UInt8(verdict.status.code))
        bytes.writeInteger(UInt8(ascii: "0") + UInt8(report.delivery.message.priority.rawValue))
        bytes.writeInteger(target)
        bytes.write(line: line)
        bytes.writeInteger(UInt8(ascii: isComplete ? "f" : "-"))
        bytes.writeInteger(UInt8(ascii: error == nil ? "k" : "-"))
        bytes.writeInteger(UInt32(clamping: 80 + (error ?? 0) + (report.outcome.storedResult?.count ?? 0)))
    }

    /// The new state, as if the task had no history.
    var state: TaskState {
        let message = report.delivery.message
        let isOver = verdict.status.isFinal
        var state = TaskState(
            status: verdict.status, availableAt: verdict.availableAt ?? (isOver ? message.availableAt : now))
        state.startedAt = leasedAt
        state.startableAt = message.availableAt
        state.finishedAt = isOver ? now : nil
        state.deadReason = verdict.deadReason
        state.attempt = max(0, message.attempt - (verdict.countsAttempt ? 0 : 1))
        state.attemptsBeforeReplay = message.attemptsBeforeReplay
        state.crashes = message.crashes + (report.outcome == .leaseExpired ? 1 : 0)
        state.token = Tokens.common(report.delivery.lease.token, report.delivery.lease.task)
        state.mark = report.outcome.code
        state.lastError = report.outcome.storedError
        state.result = report.outcome.storedResult
        guard verdict.countsAttempt || verdict.status.isFinal else { return state }
        state.attempts = [
            AttemptRecord(
                number: message.attempt - (verdict.countsAttempt ? 0 : 1), worker: report.worker,
                startedAt: report.startedAt, finishedAt: report.finishedAt, outcome: report.outcome.name,
                error: state.lastError)
        ]
        return state
    }
}
#endif
