#if Redis
import NIOCore
import RESP
public import SojournCore
import SojournModel

extension RedisQueue {
    /// Deletes tasks and forgets keys whose time is over; how many, together.
    public func prune(_ cutoffs: RetentionCutoffs, limit: Int) async throws(BackendError) -> Int {
        let limit = min(max(0, limit), Limits.dutyBatch)
        let entries = try await allQueues()
        var pruned = 0
        for entry in entries where pruned < limit {
            pruned += try await pruneFinished(of: entry.keys, before: cutoffs.finished, limit: limit - pruned)
            if let dead = cutoffs.dead {
                pruned += try await pruneDead(of: entry.keys, before: dead, limit: limit - pruned)
            }
        }
        return pruned + (try await forgetKeys(before: cutoffs.keys, limit: limit - pruned))
    }

    private func pruneFinished(
        of keys: QueueKeys, before cutoff: Timestamp, limit: Int
    ) async throws(BackendError) -> Int {
        var pruned = 0
        while pruned < limit {
            let most = min(Scripts.batch, limit - pruned)
            var call = Scripts.prune.call(keys: Self.forgetting(keys, keys.finished))
            call.append(Int(cutoff.microseconds))
            call.append(most)
            let removed = try await server.send(call).integer ?? 0
            pruned += removed
            if removed < most { break }
        }
        return pruned
    }

    private func pruneDead(
        of keys: QueueKeys, before cutoff: Timestamp, limit: Int
    ) async throws(BackendError) -> Int {
        var pruned = 0
        while pruned < limit {
            let most = min(Scripts.batch, limit - pruned)
            let old = try await server.send(
                Command(
                    "ZRANGEBYSCORE", key: keys.dead, "-inf", "(\(cutoff.microseconds)", "LIMIT", "0", "\(most)")
            ).buffers
            if old.isEmpty { break }
            let removed = try await remove(old.compactMap { $0 }, of: keys)
            pruned += removed
            // Somebody else prunes as well.
            if removed == 0 || old.count < most { break }
        }
        return pruned
    }

    /// Forgets the dead letters at `places` that still stand there.
    func remove(_ places: [ByteBuffer], of keys: QueueKeys) async throws(BackendError) -> Int {
        var call = Scripts.remove.call(keys: Self.forgetting(keys, keys.dead))
        for place in places { call.append(place) }
        return try await server.send(call).integer ?? 0
    }

    /// The keys of the scripts that forget tasks which stand in `set`.
    private static func forgetting(_ keys: QueueKeys, _ set: String) -> [String] {
        [keys.bodies, keys.states, keys.counts, keys.log, keys.base, set]
    }

    private func forgetKeys(before cutoff: Timestamp, limit: Int) async throws(BackendError) -> Int {
        var forgotten = 0
        while forgotten < limit {
            let most = min(Scripts.batch, limit - forgotten)
            var call = Scripts.forget.call(keys: [SharedKeys.owners, SharedKeys.ages])
            call.append("\(cutoff.microseconds)")
            call.append(most)
            let removed = try await server.send(call).integer ?? 0
            forgotten += removed
            if removed < most { break }
        }
        return forgotten
    }
}
#endif
