import SojournCore
import SojournModel

extension ConformanceSuite {
    static let fencingChecks: [ConformanceCheck] = [
        ConformanceCheck("fencing: a token that nobody was given changes nothing") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne()
            let before = try await trial.record(id)
            var random = SystemRandomNumberGenerator()
            let forged = Delivery(
                message: delivery.message,
                lease: Lease(
                    task: id, token: LeaseToken(random: &random), expiresAt: delivery.lease.expiresAt))
            for outcome in Trial.outcomes {
                try expectEqual(try await trial.finish(forged, outcome), .leaseLost, "answer to \(outcome.name)")
            }
            try expectEqual(try await trial.record(id), before, "record")
            try await trial.settle(delivery)
        },
        ConformanceCheck("fencing: nobody finishes a task that nobody runs") { trial in
            let all = try await trial.oneOfEach()
            for (status, id) in all.byStatus where status != .running {
                let before = try await trial.record(id)
                let lease = Lease(task: id, token: all.running.lease.token, expiresAt: all.running.lease.expiresAt)
                let forged = Delivery(message: before.message, lease: lease)
                try expectEqual(try await trial.finish(forged), .leaseLost, "finish of a \(status) task")
                try expectEqual(try await trial.record(id), before, "record of a \(status) task")
            }
        },
        ConformanceCheck("sidekiq_4495_lost_ack_retried_until_lease_end") { trial in
            for outcome in Trial.outcomes where outcome != .leaseExpired {
                let id = try await trial.enqueue()
                let delivery = try await trial.claimOne()
                let report = trial.report(delivery, outcome)
                try expectEqual(try await trial.queue.complete([report]), [.settled], "answer to \(outcome.name)")
                let before = try await trial.record(id)
                for _ in 0..<2 {
                    try await trial.tick()
                    let again = try await trial.queue.complete([report])
                    try expectEqual(again, [.settled], "the same answer to the same \(outcome.name)")
                }
                try expectEqual(try await trial.record(id), before, "record after a repeated \(outcome.name)")
                _ = try await trial.store.cancel([id])
            }
        },
        ConformanceCheck("fencing: twice in one batch is once") { trial in
            let id = try await trial.enqueue()
            let report = trial.report(try await trial.claimOne(), .failed(Failure("flaky")))
            try expectEqual(try await trial.queue.complete([report, report]), [.settled, .settled], "answers")
            let record = try await trial.record(id)
            try expectEqual(record.attempts.count, 1, "attempts")
            try expectEqual(record.message.attempt, 1, "attempts counted")
        },
        ConformanceCheck("solid_queue_589_finished_xor_failed") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne()
            try await trial.settle(delivery, .succeeded(result: [1]))
            let before = try await trial.record(id)
            let other = try await trial.finish(delivery, .failed(Failure("no", isRetryable: false)))
            try expectEqual(other, .leaseLost, "answer to a failure after the success")
            try expectEqual(try await trial.record(id), before, "record")
        },
        ConformanceCheck("fencing: who had the task before has no say") { trial in
            let id = try await trial.enqueue()
            let first = try await trial.claimOne()
            let report = trial.report(first, .failed(Failure("flaky")))
            try expectEqual(try await trial.queue.complete([report]), [.settled], "answer")
            try await trial.advance(.seconds(10))
            _ = try await trial.backend.promote(limit: 10)
            let second = try await trial.claimOne()
            let before = try await trial.record(id)
            try expectEqual(try await trial.queue.complete([report]), [.leaseLost], "a repetition after the hand-over")
            for outcome in Trial.outcomes {
                try expectEqual(try await trial.finish(first, outcome), .leaseLost, "answer to \(outcome.name)")
            }
            try expectEqual(try await trial.queue.heartbeat([first.lease], by: .seconds(99)), [.lost], "heartbeat")
            try expectEqual(try await trial.record(id), before, "record")
            try await trial.settle(second)
        },
        ConformanceCheck("fencing: a lease that ended still settles until somebody takes it back") { trial in
            let id = try await trial.enqueue()
            let delivery = try await trial.claimOne(lease: .seconds(10))
            try await trial.advance(.seconds(11))
            try await trial.settle(delivery)
            try await trial.expect(id, is: .succeeded, "after a late finish")
            try expectEqual(try await trial.reap(), 0, "leases taken back")
        },
        ConformanceCheck("fencing: of many who finish at once one wins") { trial in
            for _ in 0..<20 {
                let id = try await trial.enqueue()
                let delivery = try await trial.claimOne()
                let outcomes: [Outcome] = [.succeeded(), .failed(Failure("x")), .discarded(reason: "x"), .interrupted]
                let settled = try await withThrowingTaskGroup(of: String?.self) { group in
                    for outcome in outcomes {
                        group.addTask {
                            try await trial.finish(delivery, outcome) == .settled ? outcome.name : nil
                        }
                    }
                    return try await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
                }
                try expectEqual(settled.count, 1, "winners")
                let expected: [String: TaskStatus] = [
                    "succeeded": .succeeded, "failed": .retrying, "discarded": .dead, "interrupted": .queued,
                ]
                let status = try await trial.record(id).status
                try expectEqual(status, expected[settled[0]], "status after \(settled[0]) won")
                _ = try await trial.store.cancel([id])
            }
        },
    ]
}

extension Trial {
    /// One of each outcome.
    static let outcomes: [Outcome] = [
        .succeeded(result: [1]), .failed(Failure("flaky")), .snoozed(.seconds(5)), .discarded(reason: "no"),
        .cancelled, .interrupted, .leaseExpired, .breakerOpen(.seconds(5)),
    ]
}
