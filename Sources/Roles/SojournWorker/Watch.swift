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
    /// An answer that is merely slow is not given up.
    private static let leastPatience: Duration = .seconds(5)

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

    /// Extends all leases, the batches side by side; false where that failed for some.
    private func beat() async -> Bool {
        let leases = attempts.leases
        return await withTaskGroup(of: Bool.self) { group in
            for start in stride(from: 0, to: leases.count, by: Limits.claimBatch) {
                let batch = Array(leases[start..<min(start + Limits.claimBatch, leases.count)])
                group.addTask { await extend(batch) }
            }
            return await group.reduce(true) { $0 && $1 }
        }
    }

    private func extend(_ leases: [Lease]) async -> Bool {
        do {
            let answer = try await withTimeLimit(patience, on: time) { [source, leaseDuration] in
                try await source.heartbeat(leases, by: leaseDuration)
            }
            guard let answer else { throw BackendError(.timeout, "There was no answer within \(patience).") }
            act(on: leases, answer)
            return true
        } catch {
            logger.warning("A heartbeat failed", metadata: ["leases": "\(leases.count)", "error": "\(error)"])
            return false
        }
    }

    /// How long an answer is awaited: on a connection that died in silence it never comes, and there must be time for
    /// others before the leases end.
    private var patience: Duration { max(leaseDuration / 6, Self.leastPatience) }

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
