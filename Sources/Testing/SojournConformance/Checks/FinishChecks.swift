import SojournCore
import SojournModel

extension ConformanceSuite {
    static let finishChecks: [ConformanceCheck] = [
        ConformanceCheck("succeeded: the record tells the whole story, and nobody runs it again") { trial in
            let id = try await trial.enqueue()
            try await trial.advance(.seconds(1))
            let start = trial.now
            let delivery = try await trial.claimOne()
            try await trial.advance(.seconds(2))
            let end = trial.now
            let report = AttemptReport(
                delivery: delivery, outcome: .succeeded(result: [1, 2]), startedAt: start, finishedAt: end,
                worker: "w-1")
            try expectEqual(try await trial.queue.complete([report]), [.settled], "answer")
            let record = try await trial.record(id)
            try expectEqual(record.status, .succeeded, "status")
            try expectEqual(record.result, [1, 2], "result")
            try expectEqual(record.startedAt, start, "start")
            try expectEqual(record.finishedAt, end, "end")
            try expectEqual(record.lastError, nil, "error")
            try expectEqual(record.deadReason, nil, "reason to be dead")
            let attempt = AttemptRecord(
                number: 1, worker: "w-1", startedAt: start, finishedAt: end, outcome: "succeeded")
            try expectEqual(record.attempts, [attempt], "attempts")
            try await trial.advance(.seconds(3_600))
            _ = try await trial.backend.promote(limit: 10)
            try expectEqual(try await trial.reap(), 0, "leases taken back")
            try expectEqual(try await trial.claim(10).count, 0, "handed out again")
        },
        ConformanceCheck("finish: answer i belongs to result i") { trial in
            try await trial.enqueue((0..<3).map { _ in trial.newTask() })
            let deliveries = try await trial.claim(3)
            try expectEqual(deliveries.count, 3, "handed out")
            try await trial.settle(deliveries[1])
            let forged = Delivery(
                message: deliveries[2].message,
                lease: Lease(
                    task: deliveries[2].lease.task, token: deliveries[0].lease.token, expiresAt: trial.now))
            let answers = try await trial.queue.complete([
                trial.report(forged, .succeeded()), trial.report(deliveries[0], .succeeded()),
                trial.report(deliveries[1], .failed(Failure("other"))), trial.report(deliveries[2], .succeeded()),
            ])
            try expectEqual(answers, [.leaseLost, .settled, .leaseLost, .settled], "answers")
        },
        ConformanceCheck("discarded: dead at once, with its reason") { trial in
            let id = try await trial.enqueue()
            try await trial.settle(try await trial.claimOne(), .discarded(reason: "no such customer"))
            let record = try await trial.record(id)
            try expectEqual(record.status, .dead, "status")
            try expectEqual(record.deadReason, .discarded, "reason")
            try expectEqual(record.lastError, "no such customer", "error")
            try expectEqual(record.attempts.map(\.outcome), ["discarded"], "attempts")
            try expectEqual(record.attempts.map(\.error), ["no such customer"], "errors of the attempts")
            try expect(record.finishedAt != nil, "a dead letter says when it died")
        },
        ConformanceCheck("cancelled: over, the attempt on record but not counted") { trial in
            let id = try await trial.enqueue()
            try await trial.settle(try await trial.claimOne(), .cancelled)
            let record = try await trial.record(id)
            try expectEqual(record.status, .cancelled, "status")
            try expectEqual(record.message.attempt, 0, "attempts counted")
            try expectEqual(record.attempts.map(\.outcome), ["cancelled"], "attempts on record")
            try expect(record.finishedAt != nil, "a cancelled task says when it ended")
        },
        ConformanceCheck("snoozed: scheduled, the attempt not counted") { trial in
            try await trial.waitsUncounted(.snoozed(.seconds(20)))
        },
        ConformanceCheck("breaker open: scheduled, the attempt not counted") { trial in
            try await trial.waitsUncounted(.breakerOpen(.seconds(20)))
        },
        ConformanceCheck("asynq_1015_release_does_not_burn_attempt") { trial in
            let id = try await trial.enqueue(trial.newTask(maxRetries: 0))
            for _ in 0..<5 {
                let delivery = try await trial.claimOne()
                try expectEqual(delivery.message.attempt, 1, "attempt")
                try await trial.settle(delivery, .interrupted)
                let record = try await trial.record(id)
                try expectEqual(record.status, .queued, "status after a shutdown")
                try expectEqual(record.attempts.count, 0, "attempts on record")
                try await trial.tick()
            }
            try await trial.settle(try await trial.claimOne())
            try await trial.expect(id, is: .succeeded, "in the end")
        },
        ConformanceCheck("the first start stays the first") { trial in
            let id = try await trial.enqueue()
            try await trial.advance(.seconds(1))
            let first = trial.now
            try await trial.settle(try await trial.claimOne(), .failed(Failure("flaky")))
            try expectEqual(try await trial.record(id).finishedAt, nil, "end of a task that will be retried")
            try await trial.advance(.seconds(11))
            _ = try await trial.backend.promote(limit: 10)
            try await trial.settle(try await trial.claimOne())
            try expectEqual(try await trial.record(id).startedAt, first, "start")
        },
        ConformanceCheck("settle: a lease that no longer holds changes nothing") { trial in
            let ids = try await trial.enqueue([trial.newTask(), trial.newTask()])
            let first = try await trial.claimOne()
            try await trial.settle(first)
            let second = try await trial.claimOne()
            let foreign = Lease(task: second.lease.task, token: first.lease.token, expiresAt: second.lease.expiresAt)
            let answers = try await trial.backend.settle([
                Settlement(lease: foreign, disposition: .release(at: trial.now)),
                Settlement(lease: first.lease, disposition: .release(at: trial.now)),
                Settlement(lease: foreign, disposition: .deadLetter(.discarded)),
            ])
            try expectEqual(answers.count, 3, "answers")
            try await trial.expect(ids[0], is: .succeeded, "the finished task")
            try await trial.expect(ids[1], is: .running, "the running task")
            try expectEqual(try await trial.claim(10).count, 0, "handed out")
        },
    ]
}

extension Trial {
    /// Fails the check unless the task waits twenty seconds after `outcome`, without an attempt less.
    fileprivate func waitsUncounted(_ outcome: Outcome) async throws {
        let id = try await enqueue(newTask(maxRetries: 0))
        try await settle(try await claimOne(), outcome)
        let record = try await record(id)
        try expectEqual(record.status, .scheduled, "status")
        try expectEqual(record.message.attempt, 0, "attempts counted")
        try expectEqual(record.message.availableAt, now.advanced(by: .seconds(20)), "when it is due")
        try expectEqual(record.attempts.count, 0, "attempts on record")
        try await advance(.seconds(19))
        try expectEqual(try await backend.promote(limit: 10).moved, 0, "moved before its time")
        try await advance(.seconds(1))
        try expectEqual(try await backend.promote(limit: 10).moved, 1, "moved at its time")
        let again = try await claimOne()
        try expectEqual(again.message.attempt, 1, "attempt")
        try await settle(again)
    }
}
