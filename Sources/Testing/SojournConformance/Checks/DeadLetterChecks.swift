import SojournCore
import SojournModel

extension ConformanceSuite {
    static let deadLetterChecks: [ConformanceCheck] = [
        ConformanceCheck("dead letters: exactly the dead tasks, each once") { trial in
            let all = try await trial.oneOfEach()
            let second = try await trial.bury(trial.newTask(type: "rare"))
            let page = try await trial.store.tasks(matching: TaskFilter(status: .dead), limit: 100, cursor: nil)
            try expectEqual(page.tasks.map(\.message.id).sorted(), [all.dead, second].sorted(), "dead letters")
            for record in page.tasks { try expectEqual(record.deadReason, .notRetryable, "reason") }
        },
        ConformanceCheck("sidekiq_7063_poison_leaves_queue") { trial in
            let id = try await trial.enqueue(trial.newTask(maxRetries: 100))
            try await trial.crash(times: Limits.crashes)
            try await trial.advance(.seconds(3_600))
            try expectEqual(
                try await trial.backend.promote(limit: 10), DutyProgress(nextDue: nil), "progress")
            try expectEqual(try await trial.claim(10).count, 0, "handed out")
            try expectEqual(try await trial.backend.expired(limit: 10).deliveries.count, 0, "ended leases")
            try expectEqual(try await trial.backend.depths().map(\.counts), [[.dead: 1]], "depths")
            try await trial.expect(id, is: .dead, "in the end")
        },
        ConformanceCheck("replay: back in the queue with a new budget of attempts") { trial in
            let id = try await trial.bury(trial.newTask(maxRetries: 1))
            try await trial.advance(.seconds(60))
            try expectEqual(try await trial.queue.replay(matching: TaskFilter(), limit: 10), 1, "replayed")
            let record = try await trial.record(id)
            try expectEqual(record.status, .queued, "status")
            try expectEqual(record.finishedAt, nil, "end")
            try expectEqual(record.deadReason, nil, "reason to be dead")
            try expectEqual(record.message.availableAt, trial.now, "when it became available")
            try expectEqual(record.message.attemptsBeforeReplay, 1, "attempts before")
            try expectEqual(record.attempts.map(\.number), [1], "the history stays")
            for attempt in 2...3 {
                let delivery = try await trial.claimOne()
                try expectEqual(delivery.message.attempt, attempt, "attempts count on")
                try await trial.settle(delivery, .failed(Failure("still")))
                try await trial.advance(.seconds(10))
                _ = try await trial.backend.promote(limit: 10)
            }
            let end = try await trial.record(id)
            try expectEqual(end.status, .dead, "status after the new budget is spent")
            try expectEqual(end.deadReason, .retriesExhausted, "reason")
            try expectEqual(end.attempts.map(\.number), [1, 2, 3], "attempts")
        },
        ConformanceCheck("replay: crashes are forgiven") { trial in
            let id = try await trial.enqueue(trial.newTask(maxRetries: 100))
            try await trial.crash(times: Limits.crashes)
            try expectEqual(try await trial.queue.replay(matching: TaskFilter(), limit: 10), 1, "replayed")
            try expectEqual(try await trial.record(id).message.crashes, 0, "crashes")
            try await trial.crash(times: 1)
            try await trial.expect(id, is: .queued, "after one more crash")
        },
        ConformanceCheck("replay: twice is once") { trial in
            let id = try await trial.bury(trial.newTask())
            let replayed = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await trial.queue.replay(matching: TaskFilter(ids: [id]), limit: 10) }
                }
                return try await group.reduce(0, +)
            }
            try expectEqual(replayed, 1, "times replayed")
            try expectEqual(try await trial.claim(10).map(\.message.id), [id], "handed out")
            try expectEqual(
                try await trial.queue.replay(matching: TaskFilter(ids: [id]), limit: 10), 0, "while it runs")
        },
        ConformanceCheck("replay: oldest first, as many as wanted") { trial in
            var ids: [TaskID] = []
            for _ in 0..<5 {
                ids.append(try await trial.bury(trial.newTask()))
                try await trial.tick()
            }
            let messages = try await trial.store.replay(matching: TaskFilter(), limit: 2)
            try expectEqual(messages.map(\.id), Array(ids[0..<2]), "replayed")
            try await trial.queue.publish(messages)
            try expectEqual(Set(try await trial.claim(10).map(\.message.id)), Set(ids[0..<2]), "handed out")
            for id in ids[2...] { try await trial.expect(id, is: .dead, "not replayed") }
        },
        ConformanceCheck("replay and purge: only what the filter means") { trial in
            let wanted = try await trial.bury(trial.newTask(type: "x", queue: "q"), error: "disk is full")
            let otherType = try await trial.bury(trial.newTask(type: "y", queue: "q"), error: "disk is full")
            let otherError = try await trial.bury(trial.newTask(type: "x", queue: "q"), error: "no route")
            let filter = TaskFilter(queue: "q", type: "x", error: "disk")
            try expectEqual(try await trial.queue.replay(matching: filter, limit: 10), 1, "replayed")
            try await trial.expect(wanted, is: .queued, "the one that was meant")
            try expectEqual(try await trial.store.purge(matching: TaskFilter(type: "y"), limit: 10), 1, "purged")
            try expectEqual(try await trial.store.task(otherType), nil, "the purged one")
            try await trial.expect(otherError, is: .dead, "the one that nobody meant")
        },
        ConformanceCheck("replay and purge: only those that died before") { trial in
            let early = try await trial.bury(trial.newTask())
            try await trial.tick()
            let between = trial.queue.time.now()
            try await trial.tick()
            let late = try await trial.bury(trial.newTask())
            let filter = TaskFilter(status: .dead, finishedBefore: between)
            let listed = try await trial.store.tasks(matching: filter, limit: 10, cursor: nil).tasks.map(\.message.id)
            try expectEqual(listed, [early], "listed")
            try expectEqual(try await trial.queue.replay(matching: filter, limit: 10), 1, "replayed")
            try await trial.expect(early, is: .queued, "the earlier one")
            try expectEqual(try await trial.store.purge(matching: filter, limit: 10), 0, "purged")
            try await trial.expect(late, is: .dead, "the later one")
        },
        ConformanceCheck("replay and purge: nobody but the dead") { trial in
            let all = try await trial.oneOfEach()
            let living = TaskFilter(ids: all.byStatus.filter { $0.key != .dead }.map(\.value))
            try expectEqual(try await trial.queue.replay(matching: living, limit: 100), 0, "replayed")
            try expectEqual(try await trial.store.purge(matching: living, limit: 100), 0, "purged")
            try expectEqual(try await trial.store.purge(matching: TaskFilter(), limit: 100), 1, "purged without filter")
            for (status, id) in all.byStatus where status != .dead {
                try await trial.expect(id, is: status, "afterwards")
            }
            try expectEqual(try await trial.store.task(all.dead), nil, "the dead one")
        },
        ConformanceCheck("purge: no more than wanted, and depths follow") { trial in
            for _ in 0..<5 { try await trial.bury(trial.newTask()) }
            try expectEqual(try await trial.store.purge(matching: TaskFilter(), limit: 3), 3, "purged")
            try expectEqual(try await trial.backend.depths().map(\.counts), [[.dead: 2]], "depths")
            try expectEqual(try await trial.store.purge(matching: TaskFilter(), limit: 3), 2, "purged the next time")
            try expectEqual(try await trial.store.purge(matching: TaskFilter(), limit: 3), 0, "purged at last")
        },
    ]
}
