import SojournCore
import SojournModel

extension ConformanceSuite {
    static let deadlineChecks: [ConformanceCheck] = [
        ConformanceCheck("deadline: nothing starts after it; the task is dead, no attempt counted") { trial in
            let late = try await trial.enqueue(trial.newTask(deadline: .seconds(10)))
            try await trial.advance(.seconds(11))
            let inTime = try await trial.enqueue(trial.newTask(deadline: .seconds(10)))
            try expectEqual(try await trial.claim(10).map(\.message.id), [inTime], "handed out")
            let record = try await trial.record(late)
            try expectEqual(record.status, .dead, "status")
            try expectEqual(record.deadReason, .deadline, "reason")
            try expectEqual(record.message.attempt, 0, "attempts counted")
            try expectEqual(record.attempts.count, 0, "attempts on record")
            try expectEqual(record.startedAt, nil, "start")
            try expectEqual(record.finishedAt, trial.now, "end")
        },
        ConformanceCheck("deadline: many that are too late do not block the others") { trial in
            try await trial.enqueue((0..<50).map { _ in trial.newTask(deadline: .seconds(1)) })
            try await trial.tick()
            let ids = try await trial.enqueue([trial.newTask(), trial.newTask(priority: .low)])
            try await trial.advance(.seconds(2))
            try expectEqual(Set(try await trial.claim(2).map(\.message.id)), Set(ids), "handed out")
            try expectEqual(try await trial.claim(10).count, 0, "handed out later")
            let dead = try await trial.store.tasks(matching: TaskFilter(status: .dead), limit: 100, cursor: nil)
            try expectEqual(dead.tasks.count, 50, "dead letters")
        },
        ConformanceCheck("deadline: a claim says which were too late, without payloads, and waits no longer") { trial in
            let promise = StartPromise(within: .seconds(3), estimate: .seconds(2))
            var late = [
                trial.newTask(
                    queue: "p", payload: Array(repeating: 7, count: 100_000),
                    tags: (10..<10 + Limits.tags).map {
                        "\($0)" + String(repeating: "t", count: Limits.nameLength - 2)
                    },
                    maxRetries: 3, deadline: .seconds(10), promise: promise),
                trial.newTask(queue: "q", deadline: .zero),
            ]
            late[0].message.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            late[0].message.timeout = .seconds(9)
            try await trial.enqueue(late)
            try await trial.advance(.seconds(11))
            let alone = try await inReasonableTime("a claim that found only such tasks must return") {
                try await trial.backend.lease(trial.waiting(limit: 5))
            }
            try expectEqual(alone.deliveries, [], "handed out")
            try expectEqual(Set(alone.expired), Set(late.map(\.message.withoutPayload)), "too late")
            let another = trial.newTask(deadline: .seconds(10))
            try await trial.enqueue(another)
            try await trial.advance(.seconds(11))
            let inTime = try await trial.enqueue()
            let both = try await trial.backend.lease(LeaseRequest(limit: 5))
            try expectEqual(both.deliveries.map(\.message.id), [inTime], "handed out")
            try expectEqual(both.expired, [another.message.withoutPayload], "too late")
            try expectEqual(try await trial.backend.lease(LeaseRequest(limit: 5)), LeaseGrant(), "once more")
        },
        ConformanceCheck("deadline: a claim says how many attempts one had that was too late for the next") { trial in
            let id = try await trial.enqueue(trial.newTask(deadline: .seconds(10)))
            try await trial.settle(
                try await trial.claimOne(), .failed(Failure("flaky", retryAfter: .seconds(5))))
            try await trial.advance(.seconds(6))
            try expectEqual(try await trial.backend.promote(limit: 10).moved, 1, "its retry is due")
            let waiting = try await trial.record(id).message
            try expectEqual(waiting.attempt, 1, "attempts")
            try await trial.advance(.seconds(5))
            let grant = try await trial.backend.lease(LeaseRequest(limit: 5))
            try expectEqual(grant, LeaseGrant(expired: [waiting.withoutPayload]), "too late")
        },
        ConformanceCheck("deadline: a claim looks through a bounded number of those that are too late") { trial in
            let count = 2 * Limits.claimBatch
            for _ in 0..<2 {
                try await trial.enqueue((0..<Limits.claimBatch).map { _ in trial.newTask(deadline: .seconds(1)) })
            }
            try await trial.advance(.seconds(2))
            let inTime = try await trial.enqueue()
            var all = LeaseGrant()
            for round in 0..<10 where all.expired.count < count || all.deliveries.isEmpty {
                let grant = try await trial.backend.lease(LeaseRequest(limit: 1))
                try expect(grant.expired.count <= Limits.claimBatch, "\(grant.expired.count) in round \(round)")
                all.add(grant)
            }
            try expectEqual(all.expired.count, count, "too late")
            try expectEqual(all.deliveries.map(\.message.id), [inTime], "handed out")
        },
        ConformanceCheck("deadline: an attempt that began in time may end later") { trial in
            let id = try await trial.enqueue(trial.newTask(deadline: .seconds(10)))
            let delivery = try await trial.claimOne(lease: .seconds(60))
            try await trial.advance(.seconds(30))
            try await trial.settle(delivery)
            try await trial.expect(id, is: .succeeded, "in the end")
        },
        ConformanceCheck("deadline: a retry that would come too late does not come") { trial in
            let id = try await trial.enqueue(trial.newTask(deadline: .seconds(5)))
            try await trial.settle(try await trial.claimOne(), .failed(Failure("flaky")))
            let record = try await trial.record(id)
            try expectEqual(record.status, .dead, "status")
            try expectEqual(record.deadReason, .deadline, "reason")
            try expectEqual(record.lastError, "flaky", "last error")
        },
    ]
}
