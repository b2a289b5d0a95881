#if Redis
import NIOCore
import RESP
import SojournCore
import SojournModel

extension RedisQueue {
    /// Ends attempts, each as its verdict says if its lease holds; answer i belongs to result i.
    func end(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        var statuses = [SettlementStatus](repeating: .leaseLost, count: results.count)
        var left = Array(results.indices)
        while !left.isEmpty {
            // A script wants each task once: the second report of one comes after the first.
            var seen: Set<TaskID> = []
            let wave = left.filter { seen.insert(results[$0].report.delivery.lease.task).inserted }
            let ran = Set(wave)
            left.removeAll { ran.contains($0) }
            for (index, status) in zip(wave, try await endOnce(wave.map { results[$0] })) { statuses[index] = status }
        }
        return statuses
    }

    private func endOnce(_ results: [AttemptResult]) async throws(BackendError) -> [SettlementStatus] {
        let results = try await withWorkers(results)
        let tokens = results.map { Tokens.common($0.report.delivery.lease.token, $0.report.delivery.lease.task) }
        let starts = claims.leasedAt(tokens)
        var answers = try await send(results, startedAt: starts)
        let cancelled = answers.indices.filter { answers[$0] == UInt8(ascii: "c") }
        if !cancelled.isEmpty {
            let honoring = cancelled.map { index in
                AttemptResult(report: results[index].report, verdict: results[index].verdict.honoringCancel)
            }
            let again = try await send(honoring, startedAt: cancelled.map { starts[$0] })
            for (index, answer) in zip(cancelled, again) { answers[index] = answer }
        }
        claims.close(tokens)
        return answers.map { $0 == UInt8(ascii: "s") ? .settled : .leaseLost }
    }

    /// A report without a name, as the reaper's, is about whoever claimed the task.
    private func withWorkers(_ results: [AttemptResult]) async throws(BackendError) -> [AttemptResult] {
        let nameless = results.filter { $0.report.worker.isEmpty }
        if nameless.isEmpty { return results }
        let byQueue = Dictionary(grouping: nameless) { $0.report.delivery.message.queue }
        var wanted: [(entry: Directory.Entry, ids: [TaskID])] = []
        for (queue, results) in byQueue {
            guard let entry = directory[queue] else { continue }
            wanted.append((entry, results.map(\.report.delivery.lease.task)))
        }
        var workers: [TaskID: String] = [:]
        for case let task? in try await read(wanted).joined() { workers[task.body.message.id] = task.state.worker }
        return results.map { result in
            let report = result.report
            guard report.worker.isEmpty, let worker = workers[report.delivery.lease.task] else { return result }
            return AttemptResult(
                report: AttemptReport(
                    delivery: report.delivery, outcome: report.outcome, startedAt: report.startedAt,
                    finishedAt: report.finishedAt, worker: worker),
                verdict: result.verdict)
        }
    }

    /// One character of the finish script for each result; `starts` are when their leases were made, where known.
    private func send(_ results: [AttemptResult], startedAt starts: [Timestamp?]) async throws(BackendError) -> [UInt8]
    {
        let now = time.now()
        let byQueue = Dictionary(grouping: results.indices) { results[$0].report.delivery.message.queue }
        if byQueue.keys.contains(where: { directory[$0] == nil }) { _ = try await allQueues() }
        var batches: [(indexes: ArraySlice<Int>, call: Command)] = []
        var gains = WakeChannel.Gains()
        for (queue, indexes) in byQueue {
            // A queue that nobody knows has no leases.
            guard let known = directory[queue] else { continue }
            let lines = Set(indexes.lazy.map { Line(results[$0].report.delivery.message) })
            if lines.contains(where: { known.numbers[$0] == nil }) { try await reloadLines(of: known) }
            let entry = directory[queue] ?? known
            for start in stride(from: 0, to: indexes.count, by: FinishBatch.most) {
                let part = indexes[start..<min(start + FinishBatch.most, indexes.count)]
                var batch = FinishBatch(entry, now: now)
                batches.append((part, batch.call(results, starts, part)))
            }
        }
        for result in results where result.verdict.status == .queued { gains.add(result.report.delivery.message) }
        let values = try await server.send(batches.map(\.call) + wakes.announcements(gains))
        var answers = [UInt8](repeating: UInt8(ascii: "l"), count: results.count)
        for (batch, value) in zip(batches, values) {
            guard let characters = value.bytes?.readableBytesView, characters.count == batch.indexes.count else {
                throw .unreadable("a finish")
            }
            for (index, character) in zip(batch.indexes, characters) { answers[index] = character }
        }
        wakes.wake(gains)
        return answers
    }
}

/// One call of the finish script.
private struct FinishBatch {
    /// Most results in one call.
    static let most = 1_000
    private let now: Timestamp
    private let entry: Directory.Entry
    private var names: [String]
    private var slots: [UInt32: UInt8] = [:]

    init(_ entry: Directory.Entry, now: Timestamp) {
        self.now = now
        self.entry = entry
        let keys = entry.keys
        names = [keys.states, keys.leases, keys.due, keys.finished, keys.dead, keys.counts, keys.open]
    }

    /// The call for those of `results` that have these indexes.
    mutating func call(_ results: [AttemptResult], _ starts: [Timestamp?], _ indexes: ArraySlice<Int>) -> Command {
        let lines = indexes.map { entry.numbers[Line(results[$0].report.delivery.message)] ?? 0 }
        let targets = zip(indexes, lines).map { target(of: results[$0].verdict, $1) }
        var call = Scripts.finish.call(keys: names, capacity: 256 * indexes.count)
        var bytes = ByteBufferAllocator().buffer(capacity: 256)
        bytes.write(now)
        call.append(Int(now.microseconds))
        call.append(bytes)
        for (index, (line, target)) in zip(indexes, zip(lines, targets)) {
            bytes.clear()
            bytes.write(key: results[index].report.delivery.lease.task)
            call.append(bytes)
            let attempt = FinishedAttempt(
                result: results[index], leasedAt: starts[index], line: line, target: target, now: now)
            let state = attempt.state
            bytes.clear()
            attempt.write(to: &bytes)
            call.append(bytes)
            bytes.clear()
            state.write(to: &bytes)
            call.append(bytes)
        }
        return call
    }

    private mutating func target(of verdict: Verdict, _ line: UInt32) -> UInt8 {
        switch verdict.status {
        case .succeeded, .cancelled: return 4
        case .dead: return 5
        case .scheduled, .retrying, .blocked, .running: return 3
        case .queued: break
        }
        if let slot = slots[line] { return slot }
        // Where there are more lines than a byte can name the task takes the way over its due time.
        guard names.count < 255 else { return 3 }
        names.append(entry.keys.returned(line))
        slots[line] = UInt8(names.count)
        return UInt8(names.count)
    }
}

/// One attempt that has ended, as the finish script wants it.
private struct FinishedAttempt {
    let result: AttemptResult
    /// When its lease was made, if that is known.
    let leasedAt: Timestamp?
    let line: UInt32
    let target: UInt8
    let now: Timestamp

    /// Writes what happened.
    func write(to bytes: inout ByteBuffer) {
        let (report, verdict) = (result.report, result.verdict)
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
        let (report, verdict) = (result.report, result.verdict)
        let message = report.delivery.message
        let isOver = target == 4 || target == 5
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
