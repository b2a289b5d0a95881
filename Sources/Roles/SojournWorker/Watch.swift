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

    /// From a heartbeat that failed to the next.
    private static let secondTry: Duration = .seconds(1)

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
        var pause = leaseDuration / 3
        while (try? await time.sleep(for: pause)) != nil {
            // The answer may have been awaited for a third of the lease already.
            pause = await beat() ? leaseDuration / 3 : min(Self.secondTry, leaseDuration / 3)
        }
    }

    private func keepTimeLimits() async {
        while !Task.isCancelled {
            let overdue = attempts.overdue(at: time.now())
            for token in overdue.tokens { attempts.stop(token, because: .timeout) }
            await bell.wait(until: overdue.next ?? .distantFuture, on: time)
        }
    }

    /// Extends all leases; false where that failed for some.
    private func beat() async -> Bool {
        var isHeard = true
        let leases = attempts.leases
        for start in stride(from: 0, to: leases.count, by: Limits.claimBatch) {
            let batch = Array(leases[start..<min(start + Limits.claimBatch, leases.count)])
            do {
                act(on: batch, try await heartbeat(batch))
            } catch {
                isHeard = false
                logger.warning("A heartbeat failed", metadata: ["leases": "\(batch.count)", "error": "\(error)"])
            }
        }
        return isHeard
    }

    /// Waits no longer than a third of the lease for the answer: on a connection that died in silence it would wait
    /// until the leases are over.
    private func heartbeat(_ leases: [Lease]) async throws -> [LeaseStatus] {
        let end = OneShot()
        let alarm = time.alarm(at: time.now().advanced(by: leaseDuration / 3)) { end.fire() }
        defer { withExtendedLifetime(alarm) {} }
        return try await untilFired(end) { try await source.heartbeat(leases, by: leaseDuration) }
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
