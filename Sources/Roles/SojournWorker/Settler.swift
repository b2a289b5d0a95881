import Logging
import SojournCore
import SojournModel

/// Writes reports back in groups: while one batch is being written, the next one gathers.
///
/// A write that fails is tried again while the leases last: the work is done, and only its record is missing.
struct Settler: Sendable {
    let source: any TaskSource
    let time: any TimeSource
    let chance: Chance
    let slots: SlotPool
    let logger: Logger
    private let mailbox = Mailbox<AttemptReport>()

    func submit(_ report: AttemptReport) { mailbox.send(report) }

    /// No more reports will come; `run(writers:)` returns after the last one.
    func finish() { mailbox.finish() }

    /// Writes until the last report is written, `writers` batches at a time.
    func run(writers: Int) async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<writers { group.addTask { await writeAll() } }
        }
    }

    private func writeAll() async {
        while let batch = await mailbox.take(upTo: Limits.claimBatch) {
            await write(batch)
            slots.settled(batch.count)
        }
    }

    private func write(_ batch: [AttemptReport]) async {
        var backoff = Backoff(base: .milliseconds(50), cap: .seconds(2), chance: chance)
        var reports = batch
        while !reports.isEmpty {
            do throws(BackendError) {
                let statuses = try await source.complete(reports)
                note(zip(reports, statuses).filter { $0.1 == .leaseLost }.map(\.0))
                return
            } catch {
                logger.warning(
                    "Reports could not be written", metadata: ["count": "\(reports.count)", "error": "\(error)"])
                guard error.isRetryable else { return }
                // Cancelled, it would try again without a pause.
                guard (try? await time.sleep(for: backoff.next())) != nil else { return }
                reports = stillLeased(reports)
            }
        }
    }

    /// The reports that are still worth writing. A heartbeat may have extended the lease since it was granted, so
    /// the end that the report knows is given one more lease's time.
    private func stillLeased(_ reports: [AttemptReport]) -> [AttemptReport] {
        let now = time.now()
        return reports.filter { report in
            let lease = report.delivery.lease
            let span = lease.expiresAt.duration(since: report.startedAt)
            return max(lease.expiresAt, report.finishedAt.advanced(by: span)) > now
        }
    }

    private func note(_ lost: [AttemptReport]) {
        for report in lost {
            logger.warning(
                "The lease was lost before the attempt was reported; the task runs again",
                metadata: ["task_id": "\(report.delivery.message.id)", "type": "\(report.delivery.message.type)"])
        }
    }
}
