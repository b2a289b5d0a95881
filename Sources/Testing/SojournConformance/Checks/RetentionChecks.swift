import SojournCore
import SojournModel

extension Trial {
    /// Deletes what retention would, in small steps until nothing is left to delete.
    func prune(finished: Timestamp = .distantPast, dead: Timestamp? = nil, keys: Timestamp = .distantPast) async throws
    {
        let cutoffs = RetentionCutoffs(finished: finished, dead: dead, keys: keys)
        for _ in 0..<1_000 where try await store.prune(cutoffs, limit: 3) == 0 { return }
        throw ConformanceFailure("prune must come to an end", file: #fileID, line: #line)
    }
}

extension ConformanceSuite {
    static let retentionChecks: [ConformanceCheck] = [
        ConformanceCheck("prune: finished tasks go by age, all others stay") { trial in
            let old = try await trial.oneOfEach()
            try await trial.advance(.seconds(5))
            let cutoff = trial.now
            let young = try await trial.enqueue()
            try await trial.settle(try await trial.claimOne())
            try await trial.prune(finished: cutoff)
            for id in [old.succeeded, old.cancelled] {
                try expectEqual(try await trial.store.task(id), nil, "a task that finished before the cutoff")
            }
            for id in [young, old.dead, old.queued, old.scheduled, old.retrying, old.running.message.id] {
                try expect(try await trial.store.task(id) != nil, "what is young, dead or alive stays")
            }
            try await trial.settle(old.running)
        },
        ConformanceCheck("prune: dead letters stay unless they have a cutoff of their own") { trial in
            let old = try await trial.bury(trial.newTask())
            try await trial.advance(.seconds(5))
            let cutoff = trial.now
            let young = try await trial.bury(trial.newTask())
            try await trial.prune(finished: .distantFuture, dead: nil)
            try await trial.expect(old, is: .dead, "without a cutoff")
            try await trial.prune(dead: cutoff)
            try expectEqual(try await trial.store.task(old), nil, "dead before the cutoff")
            try await trial.expect(young, is: .dead, "dead at the cutoff")
        },
        ConformanceCheck("prune: no more than its limit at once") { trial in
            let ids = try await trial.enqueue((0..<10).map { _ in trial.newTask() })
            for delivery in try await trial.claim(10) { try await trial.settle(delivery) }
            try await trial.advance(.seconds(1))
            let cutoffs = RetentionCutoffs(finished: trial.now, dead: nil, keys: .distantPast)
            let pruned = try await trial.store.prune(cutoffs, limit: 4)
            try expectEqual(pruned, 4, "pruned by one call")
            var left = 0
            for id in ids where try await trial.store.task(id) != nil { left += 1 }
            try expectEqual(left, 6, "tasks left")
            try await trial.prune(finished: trial.now)
            try expectEqual(try await trial.store.prune(cutoffs, limit: 4), 0, "pruned when nothing is left")
            try expect(try await trial.backend.depths().isEmpty, "depths follow")
        },
        ConformanceCheck("asynq_1167_late_result_creates_nothing") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne()
            try await trial.settle(delivery)
            try await trial.advance(.seconds(1))
            try await trial.prune(finished: trial.now)
            try expectEqual(try await trial.finish(delivery), .leaseLost, "answer to a finish after the deletion")
            try expectEqual(try await trial.store.task(id), nil, "the deleted task")
            let extended = try await trial.queue.heartbeat([delivery.lease], by: .seconds(30))
            try expectEqual(extended, [.lost], "answer to a heartbeat after the deletion")
        },
    ]
}
