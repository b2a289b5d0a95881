import SojournCore
import SojournModel

extension ConformanceSuite {
    static let dueChecks: [ConformanceCheck] = [
        ConformanceCheck("delay: never before its time, whoever asks") { trial in
            let id = try await trial.enqueue(trial.newTask(after: .seconds(10)))
            for _ in 0..<10 {
                try expectEqual(try await trial.backend.promote(limit: 10).moved, 0, "moved before its time")
                try expectEqual(try await trial.claim(10).count, 0, "handed out before its time")
                try await trial.advance(.milliseconds(999))
            }
            try await trial.advance(.milliseconds(10))
            try expectEqual(try await trial.backend.promote(limit: 10).moved, 1, "moved at its time")
            try await trial.expect(id, is: .queued, "after the promote")
            try expectEqual(try await trial.claimOne().message.id, id, "handed out")
        },
        ConformanceCheck("kombu_337_delay_longer_than_lease_runs_once") { trial in
            let id = try await trial.enqueue(trial.newTask(after: .seconds(3_600)))
            for _ in 0..<12 {
                try await trial.advance(.seconds(300))
                try expectEqual(try await trial.reap(), 0, "a task that waits has no lease to lose")
                if try await trial.backend.promote(limit: 10).moved == 1 { break }
            }
            try await trial.settle(try await trial.claimOne())
            try expectEqual(try await trial.record(id).attempts.count, 1, "attempts")
            try expectEqual(try await trial.claim(10).count, 0, "handed out again")
        },
        ConformanceCheck("promote: says which it moved and when to come again") { trial in
            let idle = try await trial.backend.promote(limit: 10)
            try expectEqual(idle, DutyProgress(nextDue: nil), "with nothing to do")
            let delays = [(30, "p"), (10, "q"), (20, "p"), (10, "q")]
            let tasks = delays.map { trial.newTask(queue: QueueName(trusted: $1), after: .seconds($0)) }
            try await trial.enqueue(tasks)
            let places = tasks.map { Arrival($0.message) }
            try expectEqual(
                try await trial.backend.promote(limit: 10), DutyProgress(nextDue: places[1].availableAt),
                "before the first")
            try await trial.advance(.seconds(10))
            try expectEqual(
                try await trial.backend.promote(limit: 10),
                DutyProgress(arrivals: [places[1], places[3]], nextDue: places[2].availableAt), "at the first two")
            let retried = try await trial.claimOne()
            try await trial.settle(retried, .failed(Failure("flaky")))
            let due = Arrival(try await trial.record(retried.message.id).message)
            try await trial.advance(.seconds(50))
            let last = try await trial.backend.promote(limit: 10)
            try expectEqual(last.nextDue, nil, "at the end")
            try expectEqual(Set(last.arrivals), [places[0], places[2], due], "with one that is retried")
        },
        ConformanceCheck("promote: no more than its limit, the earliest first") { trial in
            var ids: [TaskID] = []
            for delay in [5, 4, 3, 2, 1] {
                ids.insert(try await trial.enqueue(trial.newTask(after: .seconds(delay))), at: 0)
            }
            try await trial.advance(.seconds(10))
            let progress = try await trial.backend.promote(limit: 2)
            try expectEqual(progress.moved, 2, "moved")
            let next = try require(progress.nextDue, "there is more to move")
            try expect(next <= trial.now, "where the limit was reached there is something to do at once")
            try expectEqual(try await trial.claim(10).map(\.message.id), Array(ids[0..<2]), "the earliest two")
            try expectEqual(try await trial.backend.promote(limit: 10).moved, 3, "moved the next time")
        },
        ConformanceCheck("bull_1030_earlier_insert_behind_a_later_one_is_seen") { trial in
            try await trial.enqueue(trial.newTask(after: .seconds(3_600)))
            _ = try await trial.backend.promote(limit: 10)
            let start = trial.now
            let early = try await trial.enqueue(trial.newTask(after: .seconds(1)))
            let progress = try await trial.backend.promote(limit: 10)
            try expectEqual(progress.nextDue, start.advanced(by: .seconds(1)), "when the next task is due")
            try await trial.advance(.seconds(1))
            try expectEqual(try await trial.backend.promote(limit: 10).moved, 1, "moved")
            try expectEqual(try await trial.claimOne().message.id, early, "handed out")
        },
        ConformanceCheck("promote: scheduled, snoozed and retrying alike") { trial in
            let scheduled = try await trial.enqueue(trial.newTask(after: .seconds(5)))
            let snoozed = try await trial.enqueue()
            try await trial.settle(try await trial.claimOne(), .snoozed(.seconds(5)))
            let retrying = try await trial.enqueue()
            try await trial.settle(
                try await trial.claimOne(), .failed(Failure("flaky", retryAfter: .seconds(5))))
            try await trial.advance(.seconds(5))
            try expectEqual(try await trial.backend.promote(limit: 10).moved, 3, "moved")
            let claimed = Set(try await trial.claim(10).map(\.message.id))
            try expectEqual(claimed, [scheduled, snoozed, retrying], "handed out")
        },
        ConformanceCheck("promote: what was cancelled meanwhile stays where it is") { trial in
            let id = try await trial.enqueue(trial.newTask(after: .seconds(5)))
            _ = try await trial.store.cancel([id])
            try await trial.advance(.seconds(5))
            try expectEqual(
                try await trial.backend.promote(limit: 10), DutyProgress(nextDue: nil), "progress")
            try await trial.expect(id, is: .cancelled, "after its time")
        },
    ]
}
