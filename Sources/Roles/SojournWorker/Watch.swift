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

    init(
        source: any TaskSource, attempts: AttemptTasks, time: any TimeSource, leaseDuration: Duration,
        executor: (any TaskExecutor)?, logger: Logger
    ) {
        self.source = source
        self.attempts = attempts
        self.time = time
        self.leaseDuration = leaseDuration
        self.executor = executor
        self.logger = logger
    }

    /// Runs until cancelled, on a thread of its own: handlers that never yield occupy the shared pool, and heartbeats
    /// must go on meanwhile.
    func run() async {
        await withTaskExecutorPreference(executor ?? OwnThread("sojourn.watch")) { await loop() }
    }

    private func loop() async {
        var nextBeat = time.now().advanced(by: leaseDuration / 3)
        while !Task.isCancelled {
            let overdue = attempts.overdue(at: time.now())
            for token in overdue.tokens { attempts.stop(token, because: .timeout) }
            if time.now() >= nextBeat {
                await beat()
                nextBeat = time.now().advanced(by: leaseDuration / 3)
            }
            await bell.wait(until: min(nextBeat, overdue.next ?? nextBeat), on: time)
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
