import SojournCore
import SojournModel

extension Trial {
    /// The same data after a restart.
    fileprivate func reopened() async throws -> Trial {
        let reopen = try require(subject.reopen, "these checks need a subject that can be reopened")
        return Trial(subject: try await reopen())
    }
}

extension ConformanceSuite {
    static let reopenChecks: [ConformanceCheck] = [
        ConformanceCheck("restart: every record is as it was") { trial in
            let all = try await trial.oneOfEach()
            var before: [TaskRecord] = []
            for id in all.byStatus.values { before.append(try await trial.record(id)) }
            let depths = try await trial.backend.depths()
            let after = try await trial.reopened()
            for record in before {
                try expectEqual(try await after.record(record.message.id), record, "a \(record.status) task")
            }
            try expectEqual(try await after.backend.depths(), depths, "depths")
        },
        ConformanceCheck("restart: what waited is handed out, what was scheduled is due") { trial in
            let all = try await trial.oneOfEach()
            let after = try await trial.reopened()
            try expectEqual(try await after.claim(10).map(\.message.id), [all.queued], "handed out")
            try await after.advance(.seconds(10))
            try expectEqual(try await after.backend.promote(limit: 10).moved, 2, "moved")
            let due = Set(try await after.claim(10).map(\.message.id))
            try expectEqual(due, [all.scheduled, all.retrying], "handed out when due")
        },
        ConformanceCheck("restart: promises are kept") { trial in
            let promise = StartPromise(within: .seconds(30), estimate: .milliseconds(250))
            let ids = try await trial.enqueue([trial.newTask(promise: promise), trial.newTask(), trial.newTask()])
            let delivery = try await trial.claimOne()
            let after = try await trial.reopened()
            try expectEqual(try await after.record(ids[0]).message.promise, promise, "on record")
            try expectEqual(try await after.record(ids[1]).message.promise, nil, "of the one without")
            let leases = [(task: ids[0], token: delivery.lease.token)]
            let found = try await after.store.deliveries(of: leases).first ?? nil
            try expectEqual(found?.message.promise, promise, "of the one that runs")
            let late = LeasePromise(limit: .seconds(1), demotesLate: true)
            try await after.advance(.seconds(2))
            let inTime = try await after.enqueue()
            let claimed = try await after.claim(3, promises: [.default: late]).map(\.message.id)
            try expectEqual(claimed, [inTime] + ids[1...], "handed out by the promise of the queue")
        },
        ConformanceCheck("restart: idempotency keys are remembered") { trial in
            let id = try await trial.enqueue(trial.newTask(key: "k"))
            let after = try await trial.reopened()
            try expectEqual(try await after.queue.enqueue([after.newTask(key: "k")]), [.duplicate(of: id)], "answer")
        },
        ConformanceCheck("restart: the lease of a worker elsewhere holds on") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne(lease: .seconds(30))
            let after = try await trial.reopened()
            try expectEqual(try await after.claim(10).count, 0, "handed out to another")
            try expectEqual(try await after.reap(), 0, "leases taken back")
            try await after.settle(delivery)
            try await after.expect(id, is: .succeeded, "in the end")
            try expectEqual(try await after.finish(delivery), .settled, "the same again")
        },
        ConformanceCheck("restart: an answer that was lost is given again") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne()
            try await trial.settle(delivery, .interrupted)
            let after = try await trial.reopened()
            try expectEqual(try await after.finish(delivery, .interrupted), .settled, "the same again")
            try expectEqual(try await after.claim(10).map(\.message.id), [id], "handed out")
        },
        ConformanceCheck("river_1258_no_orphan_running_after_restart") { trial in
            let id = try await trial.enqueue()
            let request = LeaseRequest(limit: 1, duration: .seconds(3_600), worker: "local", isLocal: true)
            try expectEqual(try await trial.queue.claim(request).count, 1, "handed out")
            let after = try await trial.reopened()
            // Whether the store requeues it or its lease has simply ended: it must not wait for the hour to pass.
            try await after.reap()
            try await after.advance(.seconds(20))
            _ = try await after.backend.promote(limit: 10)
            try expectEqual(try await after.claim(10).map(\.message.id), [id], "handed out after the restart")
        },
    ]
}
