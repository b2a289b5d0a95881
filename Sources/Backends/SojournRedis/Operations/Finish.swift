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
            seen.reserveCapacity(left.count)
            let wave = left.filter { seen.insert(results[$0].report.delivery.lease.task).inserted }
            if wave.count == results.count { return try await endOnce(results) }
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
        let byQueue = results.indexes { $0.report.delivery.message.queue }
        if byQueue.keys.contains(where: { directory[$0] == nil }) { _ = try await allQueues() }
        var batches: [(indexes: ArraySlice<Int>, call: Command)] = []
        var gains = WakeChannel.Gains()
        for (queue, indexes) in byQueue {
            // A queue that nobody knows has no leases.
            guard let known = directory[queue] else { continue }
            let lines = Line.all(of: indexes.lazy.map { results[$0].report.delivery.message })
            if lines.contains(where: { known.numbers[$0] == nil }) { try await reloadLines(of: known) }
            let entry = directory[queue] ?? known
            for start in stride(from: 0, to: indexes.count, by: Scripts.batch) {
                let part = indexes[start..<min(start + Scripts.batch, indexes.count)]
                batches.append((part, finishing(results, starts, part, in: entry, now: now)))
            }
        }
        for result in results where result.verdict.status == .queued { gains.add(result.report.delivery.message) }
        let values = try await server.send(batches.map(\.call))
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

    /// The call for those of `results` that have these indexes.
    private func finishing(
        _ results: [AttemptResult], _ starts: [Timestamp?], _ indexes: ArraySlice<Int>, in entry: Directory.Entry,
        now: Timestamp
    ) -> Command {
        var numbers = LineNumbers(entry.numbers)
        let lines = indexes.map { numbers.number(of: results[$0].report.delivery.message) ?? 0 }
        let returning = zip(indexes, lines).filter { results[$0.0].verdict.status == .queued }.map(\.1)
        var gains = WakeChannel.Gains()
        for index in indexes where results[index].verdict.status == .queued {
            gains.add(results[index].report.delivery.message)
        }
        var batch = FinishBatch(
            entry, returningTo: Set(returning), wake: wakes.message(gains), now: now, count: indexes.count)
        for (index, line) in zip(indexes, lines) {
            batch.add(FinishedAttempt(results[index], leasedAt: starts[index], line: line, now: now))
        }
        return batch.call
    }
}
#endif
