import SojournCore
import SojournModel

extension ConformanceSuite {
    static let reaperChecks: [ConformanceCheck] = [
        ConformanceCheck("expired: lists leases that ended, and changes nothing") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne(lease: .seconds(10))
            var answer = try await trial.backend.expired(limit: 10)
            try expectEqual(answer.deliveries.count, 0, "ended leases")
            try expectEqual(answer.nextExpiry, delivery.lease.expiresAt, "when the next lease ends")
            try await trial.advance(.seconds(10))
            for _ in 0..<3 {
                answer = try await trial.backend.expired(limit: 10)
                try expectEqual(answer.deliveries, [delivery], "ended leases")
                try expectEqual(answer.nextExpiry, nil, "when the next lease ends")
            }
            try await trial.expect(id, is: .running, "until it is settled")
            try expectEqual(try await trial.claim(10).count, 0, "handed out")
        },
        ConformanceCheck("expired: those that ended first, and no more than its limit") { trial in
            try await trial.enqueue((0..<6).map { _ in trial.newTask() })
            var ends: [Timestamp] = []
            for seconds in [60, 20, 50, 10, 40, 30] {
                ends.append(try await trial.claimOne(lease: .seconds(seconds)).lease.expiresAt)
            }
            ends.sort()
            try expectEqual(try await trial.backend.oldestExpiry(), nil, "none has ended")
            try await trial.advance(.seconds(45))
            try expectEqual(try await trial.backend.oldestExpiry(), ends[0], "the oldest that ended")
            let some = try await trial.backend.expired(limit: 2)
            try expectEqual(some.deliveries.map(\.lease.expiresAt), Array(ends[0..<2]), "the first two")
            let next = try require(some.nextExpiry, "more leases have ended")
            try expect(next <= trial.now, "where the limit was reached there is something to do at once")
            let all = try await trial.backend.expired(limit: 10)
            try expectEqual(all.deliveries.map(\.lease.expiresAt), Array(ends[0..<4]), "all that ended")
            try expectEqual(all.nextExpiry, ends[4], "when the next lease ends")
        },
        ConformanceCheck("asynq_1051_leased_implies_lease_until") { trial in
            try await trial.enqueue((0..<20).map { _ in trial.newTask() })
            let deliveries = try await trial.claim(20, lease: .seconds(10))
            try expectEqual(deliveries.count, 20, "handed out")
            for delivery in deliveries.prefix(5) { try await trial.settle(delivery) }
            _ = try await trial.queue.heartbeat(deliveries[5..<10].map(\.lease), by: .seconds(100))
            try await trial.advance(.seconds(200))
            let ended = try await trial.backend.expired(limit: 100).deliveries
            try expectEqual(
                Set(ended.map(\.message.id)), Set(deliveries[5...].map(\.message.id)),
                "every running task comes up in the end")
        },
        ConformanceCheck("lease expired: judged as a failure, and the crash is counted") { trial in
            let id = try await trial.enqueue()
            try await trial.settle(try await trial.claimOne(), .failed(Failure("flaky")))
            try await trial.advance(.seconds(10))
            _ = try await trial.backend.promote(limit: 10)
            _ = try await trial.claimOne(lease: .seconds(10))
            try await trial.advance(.seconds(10))
            try expectEqual(try await trial.reap(), 1, "leases taken back")
            let record = try await trial.record(id)
            try expectEqual(record.status, .retrying, "status")
            try expectEqual(record.message.crashes, 1, "crashes")
            try expectEqual(record.message.attempt, 2, "attempts counted")
            try expectEqual(record.attempts.map(\.outcome), ["failed", "lease_expired"], "outcomes")
            try expect(record.attempts[1].error?.isEmpty == false, "the attempt says what happened")
            try expectEqual(record.lastError, record.attempts[1].error, "last error")
            try await trial.advance(.seconds(10))
            _ = try await trial.backend.promote(limit: 10)
            let next = try await trial.claimOne()
            try expectEqual(next.message.crashes, 1, "crashes as the next attempt sees them")
            try expectEqual(next.message.attempt, 3, "attempt")
        },
        ConformanceCheck("sidekiq_4633_three_crashes_then_poison") { trial in
            let id = try await trial.enqueue(trial.newTask(maxRetries: 100))
            try await trial.crash(times: Limits.crashes)
            let record = try await trial.record(id)
            try expectEqual(record.status, .dead, "status after \(Limits.crashes) crashes")
            try expectEqual(record.deadReason, .poison, "reason")
            try expectEqual(record.message.crashes, Limits.crashes, "crashes")
            try expectEqual(record.attempts.count, Limits.crashes, "attempts")
        },
        ConformanceCheck("river_1302_reaper_never_overwrites_completed") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne(lease: .seconds(10))
            try await trial.advance(.seconds(10))
            let seen = try await trial.backend.expired(limit: 10).deliveries
            try expectEqual(seen, [delivery], "seen by the reaper")
            try await trial.settle(delivery, .succeeded(result: [1]))
            let before = try await trial.record(id)
            try expectEqual(try await trial.finish(seen[0], .leaseExpired), .leaseLost, "the reaper's late write")
            try expectEqual(try await trial.record(id), before, "record")
            try expectEqual(before.status, .succeeded, "status")
        },
        ConformanceCheck("a finish after the reaper is too late") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne(lease: .seconds(10))
            try await trial.advance(.seconds(10))
            try expectEqual(try await trial.reap(), 1, "leases taken back")
            let before = try await trial.record(id)
            for outcome in Trial.outcomes where outcome != .leaseExpired {
                try expectEqual(try await trial.finish(delivery, outcome), .leaseLost, "answer to \(outcome.name)")
            }
            try expectEqual(try await trial.record(id), before, "record")
        },
        ConformanceCheck("reaper: a lease that was extended meanwhile is left alone") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne(lease: .seconds(10))
            try await trial.advance(.seconds(10))
            let seen = try require(try await trial.backend.expired(limit: 10).deliveries.first, "one lease has ended")
            _ = try await trial.queue.heartbeat([delivery.lease], by: .seconds(10))
            let before = try await trial.record(id)
            try expectEqual(try await trial.finish(seen, .leaseExpired), .leaseLost, "the reaper's late write")
            try expectEqual(try await trial.record(id), before, "record")
            try expectEqual(before.message.crashes, 0, "crashes")
            try await trial.settle(delivery)
        },
        ConformanceCheck("reaper: nobody takes back a lease that holds") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne(lease: .seconds(10))
            try await trial.advance(.milliseconds(9_999))
            try expectEqual(try await trial.finish(delivery, .leaseExpired), .leaseLost, "answer before the end")
            try await trial.expect(id, is: .running, "before the end")
        },
        ConformanceCheck("reaper: the attempt on record is its claimer's, and the first wait stays") { trial in
            let id = try await trial.enqueue()
            try await trial.advance(.seconds(3))
            let request = LeaseRequest(limit: 1, duration: .seconds(10), worker: "claimer")
            _ = try await trial.queue.claim(request)
            try await trial.advance(.seconds(10))
            let seen = try require(try await trial.backend.expired(limit: 10).deliveries.first, "one lease has ended")
            let report = AttemptReport(
                delivery: seen, outcome: .leaseExpired, startedAt: trial.now, finishedAt: trial.now, worker: "")
            try expectEqual(try await trial.queue.complete([report]), [.settled], "the reaper's write")
            let record = try await trial.record(id)
            try expectEqual(record.attempts.map(\.worker), ["claimer"], "worker on record")
            try expectEqual(record.waited, .seconds(3), "wait for the first start")
        },
        ConformanceCheck("asynq_717_two_reapers_count_one_crash") { trial in
            let ids = try await trial.enqueue((0..<20).map { _ in trial.newTask() })
            _ = try await trial.claim(20, lease: .seconds(10))
            try await trial.advance(.seconds(10))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try await trial.reap() } }
                try await group.waitForAll()
            }
            for id in ids {
                let record = try await trial.record(id)
                try expectEqual(record.message.crashes, 1, "crashes")
                try expectEqual(record.message.attempt, 1, "attempts counted")
                try expectEqual(record.attempts.count, 1, "attempts on record")
            }
        },
        ConformanceCheck("reaper and worker: of the two one wins") { trial in
            for _ in 0..<20 {
                let id = try await trial.enqueue()
                let delivery = try await trial.claimOne(lease: .seconds(10))
                try await trial.advance(.seconds(10))
                async let reaped = trial.reap()
                async let finished = trial.finish(delivery)
                let (reaperWon, workerWon) = (try await reaped == 1, try await finished == .settled)
                try expect(reaperWon != workerWon, "exactly one of reaper and worker is told that it settled")
                let status = try await trial.record(id).status
                try expectEqual(status, workerWon ? .succeeded : .retrying, "status")
                _ = try await trial.store.cancel([id])
            }
        },
    ]
}

extension Trial {
    /// Lets the only task lose so many leases.
    func crash(times: Int) async throws {
        for _ in 0..<times {
            _ = try await claimOne(lease: .seconds(10))
            try await advance(.seconds(10))
            try expectEqual(try await reap(), 1, "leases taken back")
            try await advance(.seconds(10))
            _ = try await backend.promote(limit: 10)
        }
    }
}
