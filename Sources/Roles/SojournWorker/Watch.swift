import Logging
import SojournCore
import SojournModel

/// Keeps the leases of running attempts alive, and stops attempts that lost theirs, were cancelled, or ran too long.
struct Watch: Sendable {
    let source: any TaskSource
    let attempts: AttemptTasks
    let time: any TimeSource
    let leaseDuration: Duration
    /// Where it runs; nil = on a thread of its own.
    let executor: (any TaskExecutor)?
    let logger: Logger
    /// Rung when an attempt with a time limit starts.
    let bell = Bell()

    /// Runs until cancelled, on a thread of its own: handlers that never yield occupy the shared pool, and heartbeats
    /// must go on meanwhile.
    func run() async {
        await withTaskExecutorPreference(executor ?? OwnThread("sojourn.watch")) {
            await withDiscardingTaskGroup { group in
                // Apart: a heartbeat may wait long for its answer, and time limits must not wait for it.
                group.addTask { await keepLeases() }
                group.addTask { await keepTimeLimits() }
            }
        }
    }

    private func keepLeases() async {
        while (try? await time.sleep(for: leaseDuration / 3)) != nil { await beat() }
    }

    private func keepTimeLimits() async {
        while !Task.isCancelled {
            let overdue = attempts.overdue(at: time.now())
            for token in overdue.tokens { attempts.stop(token, because: .timeout) }
            await bell.wait(until: overdue.next ?? .distantFuture, on: time)
        }
    }

    private func beat() async {
        let leases = attempts.leases
        for start in stride(from: 0, to: leases.count, by: Limits.claimBatch) {
            let batch = Array(leases[start..<min(start + Limits.claimBatch, leases.count)])
            do throws(BackendError) {
                act(on: batch, try await source.heartbeat(batch, by: leaseDuration))
            } catch {
                // The lease lasts for two more beats.
                logger.warning("A heartbeat failed", metadata: ["leases": "\(batch.count)", "error": "\(error)"])
            }
        }
    }

    private func act(on leases: [Lease], _ statuses: [LeaseStatus]) {
        for (lease, status) in zip(leases, statuses) {
            switch status {
            case .held: break
            case .lost: attempts.stop(lease.token, because: .leaseLost)
            case .cancelled: attempts.stop(lease.token, because: .cancelled)
            }
        }
    }
}
